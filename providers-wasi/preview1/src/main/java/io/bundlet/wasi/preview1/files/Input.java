package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Rights;
import java.lang.foreign.MemorySegment;

/** Standard input, which is empty. */
public final class Input extends Descriptor {
  public Input() {
    super(Rights.INPUT, 0, 0);
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
  public long read(MemorySegment to, long length, long offset) {
    return 0;
  }

  @Override
  void apply(int wanted) {}

  @Override
  public void close() {}
}
