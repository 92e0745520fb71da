package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.GuestTrap;

/** Carries a host function's trap through the guest's frames, which declare no checked exceptions. */
final class TrapInFlight extends RuntimeException {
  private final transient GuestTrap trap;

  TrapInFlight(GuestTrap trap) {
    super(trap.getMessage(), trap, false, false);
    this.trap = trap;
  }

  GuestTrap trap() {
    return trap;
  }
}
