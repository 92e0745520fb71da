package io.bundlet.api.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability to bring connections of others to the ports of a pod, from inside its network. Reached by
 * {@link RuntimeProvider#part}.
 *
 * <p><b>Threads.</b> May be called from any thread, several at a time, also for the same sandbox.
 */
@ConsumerType
public interface PortForwardPart {
  /**
   * Prepares one session. No port is connected to before somebody asks for that within it.
   *
   * <p><b>Blocking.</b> For some seconds at most; an interrupt ends the call within one second. Each call prepares a
   * session of its own.
   *
   * @param ports those that are meant, each from 1 to 65535; empty: they are named within the session, as SPDY has it
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} for an unknown id; {@link ProviderFailure#INVALID} or
   *     {@link ProviderFailure#INTERNAL} when the sandbox is not ready; {@link ProviderFailure#DENIED} when the runtime
   *     would serve the session where strangers could reach it; {@link ProviderFailure#UNAVAILABLE} when the runtime
   *     cannot be reached
   */
  StreamTarget portForward(SandboxId sandbox, List<Integer> ports) throws ProviderFailure;
}
