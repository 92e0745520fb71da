package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.lang.foreign.MemorySegment;

/** A regular file that is open. */
public final class OpenFile extends Mounted {
  /** How much room is taken at a time, 64 MiB. */
  private static final long MOST_ALLOCATED = 64 << 20;

  /** @param readOnly whether its mount is */
  OpenFile(SystemCalls calls, int fd, boolean readOnly, long base, long inheriting, int flags) {
    super(calls, fd, readOnly, base, inheriting, flags);
  }

  @Override
  public int type() {
    return FileType.REGULAR_FILE;
  }

  @Override
  public OpenFile file() {
    return this;
  }

  @Override
  public long read(MemorySegment to, long length, long offset) {
    return calls.read(fd, to, length, offset);
  }

  @Override
  public long write(MemorySegment from, long length, long offset) throws WasiFailure {
    writable();
    boolean appends = (flags() & Flags.FD_APPEND) != 0;
    if (offset < 0 || !appends) {
      return calls.write(fd, from, length, offset);
    }
    // Linux would append; POSIX and the specification write where they are told.
    Errno.checked(calls.setFlags(fd, SystemCalls.NONBLOCK));
    try {
      return calls.write(fd, from, length, offset);
    } finally {
      Errno.checked(calls.setFlags(fd, SystemCalls.NONBLOCK | SystemCalls.APPEND));
    }
  }

  @Override
  public void written() throws WasiFailure {
    if ((flags() & (Flags.FD_SYNC | Flags.FD_RSYNC)) != 0) {
      sync(false);
    } else if ((flags() & Flags.FD_DSYNC) != 0) {
      sync(true);
    }
  }

  /** Linux changes only these two of an open file; the rest is done after each call that writes. */
  @Override
  void apply(int wanted) throws WasiFailure {
    int append = (wanted & Flags.FD_APPEND) != 0 ? SystemCalls.APPEND : 0;
    Errno.checked(calls.setFlags(fd, append | SystemCalls.NONBLOCK));
  }

  @Override
  public long readable() throws WasiFailure {
    return Math.max(0, details().size() - seek(0, 1));
  }

  /** Moves where it stands. @param whence of Linux */
  public long seek(long offset, int whence) throws WasiFailure {
    return Errno.checked(calls.seek(fd, offset, whence));
  }

  /** Makes it shorter or longer. */
  public void truncate(long size) throws WasiFailure {
    writable();
    if (size < 0) {
      throw Errno.FBIG.failure();
    }
    Errno.checked(calls.truncate(fd, size));
  }

  /**
   * Takes room for a part of what is wanted, from its begin: Linux takes its time for all that it is asked for, and
   * nothing ends it meanwhile.
   *
   * @return how long the part is; what is left is the caller's to ask for
   */
  public long allocate(long offset, long length) throws WasiFailure {
    writable();
    if (offset < 0 || length <= 0 || offset + length < 0) {
      throw (length == 0 || offset < 0 || length < 0 ? Errno.INVAL : Errno.FBIG).failure();
    }
    long part = Math.min(length, MOST_ALLOCATED);
    Errno.checked(calls.allocate(fd, offset, part));
    return part;
  }

  /** Tells Linux what will be read. The specification numbers advice in another order. */
  public void advise(long offset, long length, long advice) throws WasiFailure {
    if (offset < 0 || length < 0 || advice < 0 || advice > 5) {
      throw Errno.INVAL.failure();
    }
    int[] linux = {0, 2, 1, 3, 4, 5};
    Errno.checked(calls.advise(fd, offset, length, linux[(int) advice]));
  }
}
