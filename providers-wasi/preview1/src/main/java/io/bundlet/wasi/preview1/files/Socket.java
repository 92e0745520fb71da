package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.WasiFailure;

/** A socket of Linux, which never waits: whoever may wait does so before he asks again. */
abstract class Socket extends Descriptor {
  final SystemCalls calls;
  /** Linux' number; this object's to close. */
  final int fd;

  Socket(SystemCalls calls, int fd, long base, long inheriting, int flags) {
    super(base, inheriting, flags);
    this.calls = calls;
    this.fd = fd;
  }

  @Override
  public int number() {
    return fd;
  }

  @Override
  public int type() {
    return FileType.SOCKET_STREAM;
  }

  @Override
  public FileDetails details() throws WasiFailure {
    Errno.checked(calls.status(fd));
    return calls.details();
  }

  @Override
  void apply(int wanted) {}

  @Override
  public void close() {
    calls.close(fd);
  }
}
