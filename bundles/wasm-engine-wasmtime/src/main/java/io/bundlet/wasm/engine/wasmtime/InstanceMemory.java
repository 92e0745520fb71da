package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.github.kawamuray.wasmtime.Memory;
import io.github.kawamuray.wasmtime.Store;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A guest's memory. The buffer behind it is fetched for each access, as it moves when the memory grows. */
final class InstanceMemory implements GuestMemory {
  private final Store<Void> store;
  private final Memory memory;
  private final OptionalLong address;
  private boolean closed;

  /** @param memory null when the guest has none */
  InstanceMemory(Store<Void> store, Memory memory) {
    this.store = store;
    this.memory = memory;
    this.address = memory == null || memory.dataSize(store) == 0 ? OptionalLong.empty()
        : OptionalLong.of(MemorySegment.ofBuffer(memory.buffer(store)).address());
  }

  /** How much the guest has, for any thread; empty when it had none at first. */
  OptionalLong mapped() {
    return memory == null ? OptionalLong.of(0)
        : address.isEmpty() ? OptionalLong.empty() : Mapping.bytes(address.getAsLong());
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
