package io.bundlet.api.admin;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a running pod used when it was looked at last; what is not known is empty.
 *
 * @param namespace its namespace
 * @param name its name
 * @param cpuMillis processor time between the last two looks, in thousandths of a processor
 * @param memoryBytes the working sets of its containers, in bytes
 * @param diskBytes its ephemeral storage: volumes and logs on the node's disk, and what containers write beside them
 * @param containers those of which their runtime has told, by name
 * @param volumes those whose drivers can tell, by name
 */
public record PodUsageView(
    String namespace,
    String name,
    OptionalLong cpuMillis,
    OptionalLong memoryBytes,
    OptionalLong diskBytes,
    List<ContainerUsageView> containers,
    List<VolumeUsageView> volumes) {
  public PodUsageView {
    containers = List.copyOf(containers);
    volumes = List.copyOf(volumes);
  }

  /** A pod of which only the sums are told. */
  public PodUsageView(
      String namespace, String name, OptionalLong cpuMillis, OptionalLong memoryBytes, OptionalLong diskBytes) {
    this(namespace, name, cpuMillis, memoryBytes, diskBytes, List.of(), List.of());
  }
}
