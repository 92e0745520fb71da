package io.bundlet.core.environment;

import io.bundlet.api.objects.Objects;
import io.bundlet.core.event.EventSink;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * Where values come from that the manifest does not hold.
 *
 * @param nodeName the node's name
 * @param hostIps the node's addresses, the first one being its address
 * @param podIps the pod's addresses, the first one being its address; empty while it has none
 * @param allocatable what the node has for pods, by resource
 * @param objects the config maps and secrets of the source that the pod came from
 * @param services the services that pods are told of
 * @param events hears of names that are left out
 */
public record Surroundings(
    String nodeName,
    List<String> hostIps,
    List<String> podIps,
    Map<String, Quantity> allocatable,
    Objects objects,
    ServiceSource services,
    EventSink events) {
  public Surroundings {
    hostIps = List.copyOf(hostIps);
    podIps = List.copyOf(podIps);
    allocatable = Map.copyOf(allocatable);
  }
}
