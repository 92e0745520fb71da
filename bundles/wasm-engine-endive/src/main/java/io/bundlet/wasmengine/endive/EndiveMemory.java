package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;

/** An instance's memory, looked up anew at each use. */
final class EndiveMemory implements GuestMemory {
  private static final long PAGE = 64 << 10;
  private final Instance instance;

  EndiveMemory(Instance instance) {
    this.instance = instance;
  }

  boolean isOf(Instance other) {
    return instance == other;
  }

  @Override
  public long size() {
    Memory memory = instance.memory();
    return memory == null ? 0 : memory.pages() * PAGE;
  }

  @Override
  public void read(long at, byte[] to, int offset, int length) throws GuestTrap {
    if (length != 0) {
      check(at, length);
      System.arraycopy(instance.memory().readBytes((int) at, length), 0, to, offset, length);
    }
  }

  @Override
  public void write(long at, byte[] from, int offset, int length) throws GuestTrap {
    if (length != 0) {
      check(at, length);
      instance.memory().write((int) at, from, offset, length);
    }
  }

  private void check(long at, int length) throws GuestTrap {
    if (at < 0 || length < 0 || at > size() - length) {
      throw GuestTrap.trap("out of bounds memory access: " + length + " bytes at " + Long.toUnsignedString(at)
          + " of " + size());
    }
  }
}
