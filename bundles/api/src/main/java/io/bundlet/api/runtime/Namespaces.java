package io.bundlet.api.runtime;

/**
 * Which of the kernel's namespaces the processes of a pod share, beside that of the network ({@link PodNetwork}).
 *
 * @param hostPid they see and are seen among the processes of the host
 * @param hostIpc they share shared memory, semaphores and message queues with the host
 * @param sharedPid the containers of the pod see each other's processes; never together with {@code hostPid}
 */
public record Namespaces(boolean hostPid, boolean hostIpc, boolean sharedPid) {
  /** Each container has processes of its own, and the pod its own means of communication. */
  public static final Namespaces OWN = new Namespaces(false, false, false);

  public Namespaces {
    if (hostPid && sharedPid) {
      throw new IllegalArgumentException("a pod shares the processes of the host or its own, not both");
    }
  }
}
