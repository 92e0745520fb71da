package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A directory that is open: one that the guest was given, or one below such a directory. */
public final class OpenDirectory extends Mounted {
  private final byte[] givenAs;
  private Listing listing;

  private OpenDirectory(
      SystemCalls calls, int fd, boolean readOnly, byte[] givenAs, long base, long inheriting, int flags) {
    super(calls, fd, readOnly, base, inheriting, flags);
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

  /** Its entries. */
  public Listing listing() {
    if (listing == null) {
      listing = new Listing(calls, fd);
    }
    return listing;
  }

  @Override
  void apply(int wanted) {}
}
