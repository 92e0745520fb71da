package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A directory that is open: one that the guest was given, or one below such a directory. */
public final class OpenDirectory extends Descriptor {
  private final SystemCalls calls;
  private final int fd;
  private final boolean readOnly;
  private final byte[] givenAs;
  private Listing listing;

  private OpenDirectory(
      SystemCalls calls, int fd, boolean readOnly, byte[] givenAs, long base, long inheriting, int flags) {
    super(base, inheriting, flags);
    this.calls = calls;
    this.fd = fd;
    this.readOnly = readOnly;
    this.givenAs = givenAs;
  }

  /** One that the guest is given under this path. @param fd becomes this object's */
  public static OpenDirectory given(SystemCalls calls, int fd, boolean readOnly, String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    // libraries ask these rights whether a file may be written
    long inheriting = readOnly ? Rights.ALL & ~Rights.CHANGES_FILE : Rights.ALL;
    return new OpenDirectory(calls, fd, readOnly, name, Rights.DIRECTORY, inheriting, 0);
  }

  /** One below another. */
  static OpenDirectory below(
      SystemCalls calls, int fd, boolean readOnly, long base, long inheriting, int flags) {
    return new OpenDirectory(calls, fd, readOnly, null, base, inheriting, flags);
  }

  /** The path under which the guest was given it; empty for one that it has opened itself. */
  public Optional<byte[]> givenAs() {
    return Optional.ofNullable(givenAs);
  }

  /** Whether nothing below it may be changed. */
  boolean readOnly() {
    return readOnly;
  }

  /** Fails when nothing below it may be changed. */
  public void writable() throws WasiFailure {
    if (readOnly) {
      throw Errno.ROFS.failure();
    }
  }

  @Override
  public int number() {
    return fd;
  }

  @Override
  public int type() {
    return FileType.DIRECTORY;
  }

  @Override
  public OpenDirectory directory() {
    return this;
  }

  @Override
  public OpenFile file() throws WasiFailure {
    throw Errno.ISDIR.failure();
  }

  @Override
  public FileDetails details() throws WasiFailure {
    Errno.checked(calls.status(fd));
    return calls.details();
  }

  /** Its entries. */
  public Listing listing() {
    if (listing == null) {
      listing = new Listing(calls, fd);
    }
    return listing;
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
  void apply(int wanted) {}

  @Override
  public void close() {
    calls.close(fd);
  }
}
