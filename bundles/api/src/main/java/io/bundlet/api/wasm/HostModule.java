package io.bundlet.api.wasm;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A set of functions that guests import. A service with the property {@link #MODULE}. Its methods run on guests'
 * threads, several at a time for different guests. It keeps what it knows of a guest in
 * {@link GuestContext#attributes}, in classes of the JDK and of {@code io.bundlet.api} only, so that a newer version of
 * it can serve the same guest; one that needs classes of its own there is not {@link #rebindable}.
 */
@ConsumerType
public interface HostModule {
  /** Service property: the module name that guests import from, such as {@code wapc}. */
  String MODULE = "bundlet.wasm.module";

  /** The functions and their types. Returns at once. */
  Map<String, FunctionType> functions();

  /**
   * Does one call of a guest. It may block; when the guest is killed its thread is interrupted, and the call has to end
   * soon: who goes on for seconds loses the thread, which is given up.
   *
   * @param function one of {@link #functions}
   * @param memory the guest's, good during this call only
   * @param args a slot for each parameter; an i32 in the low half, a float by its bits
   * @param results a slot for each result, to be filled in the same way
   * @throws GuestTrap ends the guest's run
   */
  void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) throws GuestTrap;

  /**
   * Whether guests go on when this service is exchanged for another of the same module. If not, they are restarted.
   *
   * @return true when all state is in the context
   */
  default boolean rebindable() {
    return true;
  }
}
