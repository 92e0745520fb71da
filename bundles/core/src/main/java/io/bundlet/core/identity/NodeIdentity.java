package io.bundlet.core.identity;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * What pods may know of the node that they are on.
 *
 * @param name the node's name
 * @param hostIps its addresses, the first one being its address; not empty
 * @param names how names are looked up
 * @param allocatable what it has for pods, by resource
 * @param memoryCapacity its memory in bytes, more than 0
 */
public record NodeIdentity(
    String name,
    List<String> hostIps,
    NameSettings names,
    Map<String, Quantity> allocatable,
    long memoryCapacity) {
  public NodeIdentity {
    hostIps = List.copyOf(hostIps);
    allocatable = Map.copyOf(allocatable);
  }
}
