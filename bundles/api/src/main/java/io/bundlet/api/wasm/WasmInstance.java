package io.bundlet.api.wasm;

import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A running instance. {@link #call}, {@link #memory} and {@link #close} belong to the guest's thread, one call at a
 * time; {@link #kill}, {@link #endsSoon} and {@link #memoryBytes} may come from any thread.
 */
@ConsumerType
public interface WasmInstance extends AutoCloseable {
  /**
   * Calls an exported function and blocks until it returns.
   *
   * @param args one slot per parameter, as in {@link HostFunction}
   * @param results one slot per result, filled on return
   * @throws GuestTrap when it ended otherwise
   */
  void call(String export, long[] args, long[] results) throws GuestTrap;

  /** The guest's memory; an empty one when the module has none. */
  GuestMemory memory();

  /**
   * Makes the call that is going on, and each later one, end with {@link GuestTrap#KILLED} soon: within milliseconds
   * when the guest computes, within half a second when it sleeps, and within milliseconds then, too, half a second
   * after {@link #endsSoon}. Returns at once. Idempotent.
   */
  void kill(String why);

  /**
   * A {@link #kill} may follow, as the guest was asked to end: from now on it is to be in reach, also if that costs
   * time of the processor. From any thread, also while a call is going on; returns at once. Idempotent.
   */
  default void endsSoon() {}

  /**
   * How much memory the guest has now, in bytes. From any thread, also while a call is going on, and after
   * {@link #close}, when it is 0; returns at once.
   */
  default OptionalLong memoryBytes() {
    return OptionalLong.empty();
  }

  /** Gives everything back. After the last call has returned, on the guest's thread. Idempotent. */
  @Override
  void close();
}
