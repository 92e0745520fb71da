package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Memory;
import io.github.kawamuray.wasmtime.Store;
import java.nio.ByteBuffer;

/**
 * A word in the memory of an instance's poller by which the host says that the guest is to end soon, so that it sleeps
 * in short slices. That memory never moves; whoever writes makes sure that the instance is not closed.
 */
final class Haste {
  /** Where {@code poll.wat} looks. */
  private static final int AT = 400_000;

  private final ByteBuffer memory;

  private Haste(ByteBuffer memory) {
    this.memory = memory;
  }

  /** For a guest that cannot sleep. */
  static Haste none() {
    return new Haste(null);
  }

  /** For the guest with this poller; on the guest's thread. */
  static Haste of(Store<Void> store, Memory pollers) {
    return new Haste(pollers.buffer(store));
  }

  /** The guest is to end soon. From any thread, while the instance is not closed. */
  void make() {
    if (memory != null) {
      memory.put(AT, (byte) 1);
    }
  }
}
