package io.bundlet.core.pod;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All that a runtime has, put in order once for all pods, each of which looks for its own. Any thread. */
public final class Listing {
  private final Map<String, List<SandboxStatus>> sandboxes;
  private final Map<String, List<ContainerStatus>> containers;
  private final Set<String> sandboxIds;
  private final Set<String> containerIds;

  /** What this snapshot has. */
  public Listing(RuntimeSnapshot all) {
    sandboxes = all.sandboxes().stream().collect(Collectors.groupingBy(status -> status.pod().uid()));
    containers = all.containers().stream().collect(Collectors.groupingBy(status -> status.pod().uid()));
    sandboxIds = all.sandboxes().stream().map(status -> status.id().value()).collect(Collectors.toUnmodifiableSet());
    containerIds =
        all.containers().stream().map(status -> status.id().value()).collect(Collectors.toUnmodifiableSet());
  }

  /** A pod's sandboxes, in the order of the snapshot. */
  List<SandboxStatus> sandboxes(String podUid) {
    return sandboxes.getOrDefault(podUid, List.of());
  }

  /** A pod's containers, in the order of the snapshot. */
  List<ContainerStatus> containers(String podUid) {
    return containers.getOrDefault(podUid, List.of());
  }

  /** Whether there is such a sandbox, whomever it belongs to. @param id may be null: there is none */
  boolean hasSandbox(String id) {
    return id != null && sandboxIds.contains(id);
  }

  /** The ids of all containers. */
  Set<String> containerIds() {
    return containerIds;
  }
}
