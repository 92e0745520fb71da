package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;

/** What is open in one of the guest's mounts, and what files and directories have in common. */
public abstract class Mounted extends Descriptor {
  final SystemCalls calls;
  /** Linux' number; this object's to close. */
  final int fd;
  private final boolean readOnly;

  Mounted(SystemCalls calls, int fd, boolean readOnly, long base, long inheriting, int flags) {
    super(base, inheriting, flags);
    this.calls = calls;
    this.fd = fd;
    this.readOnly = readOnly;
  }

  /** Whether its mount is, so that neither it nor what is below it may be changed. */
  final boolean readOnly() {
    return readOnly;
  }

  /** Fails when its mount is read-only. */
  public final void writable() throws WasiFailure {
    if (readOnly) {
      throw Errno.ROFS.failure();
    }
  }

  @Override
  public FileDetails details() throws WasiFailure {
    Errno.checked(calls.status(fd));
    return calls.details();
  }

  @Override
  public void sync(boolean contentOnly) throws WasiFailure {
    Errno.checked(contentOnly ? calls.syncData(fd) : calls.sync(fd));
  }

  @Override
  public void setTimes(Times times) throws WasiFailure {
    writable();
    Errno.checked(
        calls.setTimes(fd, times.accessed(), times.accessedNanos(), times.modified(), times.modifiedNanos()));
  }

  @Override
  public void close() {
    calls.close(fd);
  }
}
