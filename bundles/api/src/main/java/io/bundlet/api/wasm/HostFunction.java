package io.bundlet.api.wasm;

import org.osgi.annotation.versioning.ConsumerType;

/** A function of the host that a guest calls. Runs on the guest's thread. */
@ConsumerType
@FunctionalInterface
public interface HostFunction {
  /**
   * Does the call.
   *
   * @param memory the guest's memory, valid during this call only
   * @param args one slot per parameter; an i32 in the low half, a float by its bits
   * @param results one slot per result, to be filled
   * @throws GuestTrap ends the guest's run; the engine passes it on unchanged, or keeps it as the cause
   */
  void call(GuestMemory memory, long[] args, long[] results) throws GuestTrap;
}
