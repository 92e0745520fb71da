package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.github.kawamuray.wasmtime.Memory;
import io.github.kawamuray.wasmtime.Store;
import java.nio.ByteBuffer;

/** A guest's memory. The buffer behind it is fetched for each access, as it moves when the memory grows. */
final class InstanceMemory implements GuestMemory {
  private final Store<Void> store;
  private final Memory memory;
  private boolean closed;

  /** @param memory null when the guest has none */
  InstanceMemory(Store<Void> store, Memory memory) {
    this.store = store;
    this.memory = memory;
  }

  void close() {
    closed = true;
  }

  @Override
  public long size() {
    return open() ? memory.dataSize(store) : 0;
  }

  @Override
  public void read(long at, byte[] to, int offset, int length) throws GuestTrap {
    if (length != 0) {
      buffer(at, length).get((int) at, to, offset, length);
    }
  }

  @Override
  public void write(long at, byte[] from, int offset, int length) throws GuestTrap {
    if (length != 0) {
      buffer(at, length).put((int) at, from, offset, length);
    }
  }

  private ByteBuffer buffer(long at, int length) throws GuestTrap {
    long size = size();
    if (at < 0 || length < 0 || at > size - length) {
      throw GuestTrap.trap("wasm trap: out of bounds memory access by a host function");
    }
    if (size > Integer.MAX_VALUE) {
      throw GuestTrap.trap("host functions cannot reach into a memory of 2 GiB and more");
    }
    return memory.buffer(store);
  }

  private boolean open() {
    if (closed) {
      throw new IllegalStateException("the instance is closed");
    }
    return memory != null;
  }
}
