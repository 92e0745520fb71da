package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Standard output or error: a FIFO that somebody reads, or a file that is appended to. */
public final class Output extends Descriptor {
  private static final int FLAGS = SystemCalls.WRITE_ONLY | SystemCalls.APPEND | SystemCalls.NONBLOCK;

  private final SystemCalls calls;
  private final int fd;
  private final int type;

  private Output(SystemCalls calls, int fd, int type) {
    super(Rights.OUTPUT, 0, 0);
    this.calls = calls;
    this.fd = fd;
    this.type = type;
  }

  /** Opens it. Follows links: the path is the host's. */
  public static Output open(SystemCalls calls, Path path) throws WasiFailure {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    int fd = (int) Errno.checked(calls.open(SystemCalls.HERE, name, FLAGS, 0));
    if (calls.status(fd) < 0) {
      calls.close(fd);
      throw Errno.IO.failure();
    }
    return new Output(calls, fd, FileType.ofMode(calls.details().mode()));
  }

  @Override
  public int number() {
    return fd;
  }

  @Override
  public int type() {
    return type;
  }

  @Override
  public FileDetails details() throws WasiFailure {
    Errno.checked(calls.status(fd));
    return calls.details();
  }

  @Override
  public long write(MemorySegment from, long length, long offset) throws WasiFailure {
    if (offset >= 0) {
      throw Errno.SPIPE.failure();
    }
    return calls.write(fd, from, length, offset);
  }

  /** A FIFO has nothing to bring anywhere. */
  @Override
  public void sync(boolean contentOnly) throws WasiFailure {
    if (type != FileType.REGULAR_FILE) {
      throw Errno.INVAL.failure();
    }
    Errno.checked(contentOnly ? calls.syncData(fd) : calls.sync(fd));
  }

  @Override
  void apply(int wanted) {}

  @Override
  public void close() {
    calls.close(fd);
  }
}
