package io.bundlet.api.runtime;

import java.net.InetAddress;
import java.util.List;

/**
 * The addresses that the node gave to a pod. Plain data: it survives the exchange of whoever made it.
 *
 * @param addresses the pod's own addresses; empty: the runtime brings its own, or the pod shares the host's
 * @param hostNetwork whether the pod shares the host's network namespace
 */
public record PodNetwork(List<InetAddress> addresses, boolean hostNetwork) {
  public PodNetwork {
    addresses = List.copyOf(addresses);
  }
}
