package io.bundlet.api.wasm;

import org.osgi.annotation.versioning.ProviderType;

/** The functions that a guest exports, for a {@link GuestProtocol}; on the guest's thread. */
@ProviderType
public interface GuestCalls {
  /** Whether the guest exports a function of this name. */
  boolean exports(String function);

  /** Calls an exported function; arguments and results as in {@link WasmInstance#call}. */
  void call(String function, long[] args, long[] results) throws GuestTrap;
}
