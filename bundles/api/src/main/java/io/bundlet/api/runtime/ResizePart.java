package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability to change what a running container may use, without ending it. Reached by {@link RuntimeProvider#part};
 * where a provider leaves it out, a container of a pod of an API server keeps what it was made with, and one of a
 * static pod is made again.
 *
 * <p><b>Threads.</b> May be called from any thread, several at a time; for one container one call at a time.
 */
@ConsumerType
public interface ResizePart {
  /**
   * Gives the running container these resources in place of those that it has. The group of its pod
   * ({@link SandboxConfig#cgroupParent}) is the node's affair: it already allows as much.
   *
   * <p><b>Blocking.</b> Until they hold; an interrupt ends the call within one second. <b>Idempotent</b>: the same
   * resources again change nothing. After a failure whose outcome is not known the node calls again.
   *
   * @param resources all of them, those that stay as they are too; a limit that the container has is not taken away
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} for an unknown id; {@link ProviderFailure#INVALID} or
   *     {@link ProviderFailure#INTERNAL} when the container does not run or the kernel refuses, such as a limit of
   *     memory below what is in use; then it has what it had before; {@link ProviderFailure#UNAVAILABLE} when the
   *     runtime cannot be reached
   */
  void resize(ContainerId container, Resources resources) throws ProviderFailure;
}
