package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability to join somebody to the streams of a running container's own process. Reached by
 * {@link RuntimeProvider#part}; without it nobody can attach to the provider's containers.
 *
 * <p><b>Threads.</b> May be called from any thread, several at a time, also for the same container.
 */
@ConsumerType
public interface AttachPart {
  /**
   * Prepares one session with the container's process. Nothing happens to the container before somebody connects; whom
   * its input is kept open for, and when that ends, was said when it was made ({@link Terminal}).
   *
   * <p><b>Blocking.</b> For some seconds at most; an interrupt ends the call within one second. Each call prepares a
   * session of its own.
   *
   * @param streams {@link Streams#tty} is to be what the container was made with
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} for an unknown id; {@link ProviderFailure#INVALID} or
   *     {@link ProviderFailure#INTERNAL} when the container does not run (not every runtime tells these apart);
   *     {@link ProviderFailure#DENIED} when the runtime would serve the session where strangers could reach it;
   *     {@link ProviderFailure#UNAVAILABLE} when the runtime cannot be reached
   */
  StreamTarget attach(ContainerId container, Streams streams) throws ProviderFailure;
}
