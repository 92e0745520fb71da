package io.bundlet.wasmhost.modules;

import io.bundlet.api.wasm.HostModule;

/**
 * One guest's place at the host modules of one name. It stays at the gate where it was last, so that a call costs two
 * writes and a read of memory that nobody else writes. All but {@link #ofAnother} and {@link #interrupt} belong to the
 * guest's thread.
 *
 * <p>Whether a guest is inside is written before the gate's state is read, and a gate is closed before it is read
 * whether a guest is inside: one of the two sees the other.
 */
final class ModuleSeat {
  private final String name;
  private ModuleGate gate;
  /** The module of the call that is going on. */
  private HostModule current;
  private volatile Thread inside;

  ModuleSeat(String name) {
    this.name = name;
  }

  /** The name of the modules. */
  String name() {
    return name;
  }

  /** Moves to another gate; null: to none. */
  void sit(ModuleGate at) {
    if (gate != null) {
      gate.unseat(this);
    }
    gate = at;
    if (at != null) {
      at.seat(this);
    }
  }

  /** Goes in where it sits. @return the module, or null when it has to look for another gate first */
  HostModule enter() {
    if (gate == null) {
      return null;
    }
    inside = Thread.currentThread();
    if (!gate.open()) {
      leave();
      return null;
    }
    current = gate.module();
    return current;
  }

  /** The module of the call that is going on; null when there is none. */
  HostModule current() {
    return current;
  }

  /** The call has ended. */
  void leave() {
    current = null;
    inside = null;
    if (gate.closed()) {
      gate.left();
    }
  }

  /** Whether a thread other than the calling one is inside. */
  boolean ofAnother() {
    Thread thread = inside;
    return thread != null && thread != Thread.currentThread();
  }

  /** Interrupts the thread that is inside. While the gate's lock is held, so that it cannot leave meanwhile. */
  void interrupt() {
    Thread thread = inside;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
