package io.bundlet.wasmhost.guests;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.wasmhost.modules.ModuleCalls;

/** A guest that runs once from begin to end. It has no signal: when it is stopped, its grace is all it gets. */
public final class CommandGuest extends Guest {
  /** The function that a command starts with. */
  public static final String START = "_start";

  public CommandGuest(GuestSetup setup) {
    super(setup);
  }

  @Override
  protected Exit live() throws InvalidModule, GuestTrap {
    try (HostContext context = newContext();
        ModuleCalls calls = newCalls(context)) {
      var instance = open(calls);
      isReady();
      instance.call(START, new long[0], new long[0]);
      return Exit.of(0, "", now());
    }
  }

  @Override
  protected void onStop() {}

  @Override
  protected void onEnd(Exit exit) {}
}
