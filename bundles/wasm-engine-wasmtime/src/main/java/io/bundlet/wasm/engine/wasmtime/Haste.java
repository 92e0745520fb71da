package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Memory;
import io.github.kawamuray.wasmtime.Store;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A word in the memory of an instance's poller by which the host says that the guest is to end soon, so that it sleeps
 * in short slices; and the bell that wakes it for that. That memory never moves; whoever writes makes sure that the
 * instance is not closed.
 */
final class Haste {
  /** Where {@code poll.wat} looks. */
  private static final int AT = 400_000;
  /** Where it looks whether there is a bell. */
  private static final int BELL_AT = 400_008;

  private final ByteBuffer memory;
  private final Optional<Bell> bell;

  private Haste(ByteBuffer memory, Optional<Bell> bell) {
    this.memory = memory;
    this.bell = bell;
  }

  /** For a guest that cannot sleep. */
  static Haste none() {
    return new Haste(null, Optional.empty());
  }

  /** For the guest with this poller; on the guest's thread. @param bell how it can be woken; else it wakes often */
  static Haste of(Store<Void> store, Memory pollers, Optional<Bell> bell) {
    ByteBuffer memory = pollers.buffer(store);
    memory.put(BELL_AT, (byte) (bell.isPresent() ? 1 : 0));
    return new Haste(memory, bell);
  }

  /** The guest is to end soon, or now. From any thread, while the instance is not closed. */
  void make() {
    if (memory != null) {
      memory.put(AT, (byte) 1);
      bell.ifPresent(Bell::ring);
    }
  }
}
