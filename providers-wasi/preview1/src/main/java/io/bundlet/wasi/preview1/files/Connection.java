package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.lang.foreign.MemorySegment;

/** A connection that the guest has accepted. */
public final class Connection extends Socket {
  /** What the next read gives instead of reading: Linux tells a connection's failure once. */
  private long failure;

  Connection(SystemCalls calls, int fd, long base, int flags) {
    super(calls, fd, base, 0, flags);
  }

  @Override
  public Connection connection() {
    return this;
  }

  @Override
  public Listener listener() throws WasiFailure {
    throw Errno.INVAL.failure();
  }

  @Override
  public long read(MemorySegment to, long length, long offset) throws WasiFailure {
    inOrder(offset);
    if (failure != 0) {
      long told = failure;
      failure = 0;
      return told;
    }
    return calls.read(fd, to, length, offset);
  }

  @Override
  public void failedAfterBytes(long told) {
    if (told != -LinuxFailure.EAGAIN) {
      failure = told;
    }
  }

  /** Reads what stays there to be read again; as {@link #read}. */
  public long peek(MemorySegment to, long length) {
    return calls.peek(fd, to, length);
  }

  @Override
  public long write(MemorySegment from, long length, long offset) throws WasiFailure {
    inOrder(offset);
    return calls.write(fd, from, length, offset);
  }

  private static void inOrder(long offset) throws WasiFailure {
    if (offset >= 0) {
      throw Errno.SPIPE.failure();
    }
  }

  @Override
  public long readable() throws WasiFailure {
    return Errno.checked(calls.readable(fd));
  }

  /** Ends a direction. @param what as {@link SystemCalls#shutdown} has it */
  public void shutdown(int what) throws WasiFailure {
    Errno.checked(calls.shutdown(fd, what));
  }
}
