package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Standard output or error of an actor, which has no files for that: each line is told to the host. */
public final class LogLines extends Descriptor {
  /** A longer line is told in pieces. */
  private static final int LONGEST = 4096;

  private final Consumer<String> log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);

  public LogLines(Consumer<String> log) {
    super(Rights.OUTPUT, 0, 0);
    this.log = log;
  }

  @Override
  public int type() {
    return FileType.UNKNOWN;
  }

  @Override
  public FileDetails details() {
    return new FileDetails(0, 0, 0, 1, 0, 0, 0, 0);
  }

  @Override
  public long write(MemorySegment from, long length, long offset) throws WasiFailure {
    if (offset >= 0) {
      throw Errno.SPIPE.failure();
    }
    for (long i = 0; i < length; i++) {
      byte next = from.get(ValueLayout.JAVA_BYTE, i);
      if (next != '\n') {
        line.write(next);
      }
      if (next == '\n' || line.size() >= LONGEST) {
        tell();
      }
    }
    return length;
  }

  private void tell() {
    log.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
  }

  @Override
  void apply(int wanted) {}

  @Override
  public void close() {
    if (line.size() > 0) {
      tell();
    }
  }
}
