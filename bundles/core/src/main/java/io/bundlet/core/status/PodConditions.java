package io.bundlet.core.status;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pod's conditions, each with the time at which it became what it is. Used by the pod's worker alone. */
public final class PodConditions {
  private final Map<String, ConditionView> known = new LinkedHashMap<>();

  /**
   * The conditions now.
   *
   * @param phase the pod's phase
   * @param sandbox whether it has a sandbox
   * @param disrupted why the node ended it; empty when it did not
   */
  public List<ConditionView> update(
      String phase, boolean sandbox, Collection<ContainerSnapshot> containers, String disrupted, Instant now) {
    set("PodScheduled", true, "", "", now);
    set("PodReadyToStartContainers", sandbox, "", "", now);
    set("Initialized", true, "", "", now);
    List<String> unready = new ArrayList<>();
    containers.stream()
        .filter(container -> container.kind() != Kind.RUNNING)
        .forEach(container -> unready.add(container.name()));
    String reason =
        switch (phase) {
          case Phases.SUCCEEDED -> "PodCompleted";
          case Phases.FAILED -> "PodFailed";
          default -> unready.isEmpty() ? "" : "ContainersNotReady";
        };
    boolean ready = reason.isEmpty() && !containers.isEmpty();
    String message = unready.isEmpty() ? "" : "containers with unready status: [" + String.join(" ", unready) + "]";
    set("ContainersReady", ready, reason, message, now);
    set("Ready", ready, reason, message, now);
    if (!disrupted.isEmpty()) {
      set("DisruptionTarget", true, "TerminationByKubelet", disrupted, now);
    }
    return List.copyOf(known.values());
  }

  private void set(String type, boolean holds, String reason, String message, Instant now) {
    String status = holds ? "True" : "False";
    ConditionView before = known.get(type);
    Instant since = before != null && before.status().equals(status) ? before.since() : now;
    known.put(type, new ConditionView(type, status, reason, message, since));
  }
}
