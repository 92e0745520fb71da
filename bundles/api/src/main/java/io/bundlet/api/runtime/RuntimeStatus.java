package io.bundlet.api.runtime;

import java.util.List;
import java.util.Map;

/**
 * What a provider says of itself.
 *
 * @param name the provider's name, as in the service property
 * @param version the runtime's version, for people; empty while unknown
 * @param ready whether sandboxes can be made now
 * @param reason one CamelCase word when not ready, or when handlers are {@link #HOST_NETWORK_ONLY}; else empty
 * @param message for people: what is wrong and what to do; else empty
 * @param handlers the runtime handlers served now, each with its features; the empty name is served by CRI runtimes for
 *     pods that name none and is not listed here
 * @param runtimeName what stands before {@code ://} in a container id of the status, such as {@code containerd}
 */
public record RuntimeStatus(
    String name,
    String version,
    boolean ready,
    String reason,
    String message,
    Map<String, List<String>> handlers,
    String runtimeName) {
  /**
   * A handler's feature: its pods have no addresses of their own, so that each port that a container names is one of
   * the node's. The node then runs no two pods with the same one.
   */
  public static final String HOST_ADDRESSES = "hostAddresses";

  /**
   * A handler's feature: its containers are threads of the node's own process. Their processor time is limited by
   * {@link io.bundlet.api.cgroup.ControlGroups}, if at all.
   */
  public static final String IN_PROCESS = "inProcess";

  /** A handler's feature: it takes no {@link SandboxConfig#cgroupParent}; its pods' groups are the runtime's affair. */
  public static final String OWN_GROUPS = "ownGroups";

  /**
   * A handler's feature: it cannot give a pod a network of its own now; {@link #reason} and {@link #message} say why.
   * Pods in the host's network are started, and those that have a sandbox go on; others wait.
   */
  public static final String HOST_NETWORK_ONLY = "hostNetworkOnly";

  public RuntimeStatus {
    handlers = Map.copyOf(handlers);
  }

  /** A provider that can run pods with these handlers, which have no special features. */
  public static RuntimeStatus ready(String name, String version, List<String> handlers, String runtimeName) {
    return new RuntimeStatus(name, version, true, "", "", withoutFeatures(handlers), runtimeName);
  }

  /** A provider that cannot run pods now, but would serve these handlers. */
  public static RuntimeStatus notReady(
      String name, String version, List<String> handlers, String runtimeName, String reason, String message) {
    return new RuntimeStatus(name, version, false, reason, message, withoutFeatures(handlers), runtimeName);
  }

  private static Map<String, List<String>> withoutFeatures(List<String> handlers) {
    return handlers.stream().collect(java.util.stream.Collectors.toMap(handler -> handler, handler -> List.of()));
  }
}
