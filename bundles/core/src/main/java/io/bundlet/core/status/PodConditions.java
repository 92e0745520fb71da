package io.bundlet.core.status;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.container.ContainerSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pod's conditions, each with the time at which it became what it is. Used by the pod's worker alone. */
public final class PodConditions {
  private final Map<String, ConditionView> known = new LinkedHashMap<>();

  /**
   * The conditions now.
   *
   * @param phase the pod's phase
   * @param sandbox whether it has a sandbox
   * @param containers all of the pod's
   * @param gates the types of the conditions without which it is not ready, each with its status as others say; empty:
   *     they
   *     say nothing
   * @param disrupted why the node ended it; empty when it did not
   */
  public List<ConditionView> update(
      String phase,
      boolean sandbox,
      Collection<ContainerSnapshot> containers,
      Map<String, String> gates,
      String disrupted,
      Instant now) {
    set("PodScheduled", true, "", "", now);
    set("PodReadyToStartContainers", sandbox, "", "", now);
    Readiness.Verdict initialized = Readiness.initialized(phase, containers);
    set("Initialized", initialized.holds(), initialized.reason(), initialized.message(), now);
    Readiness.Verdict containersReady = Readiness.containersReady(phase, containers);
    set("ContainersReady", containersReady.holds(), containersReady.reason(), containersReady.message(), now);
    Readiness.Verdict ready = Readiness.ready(containersReady, gates);
    set("Ready", ready.holds(), ready.reason(), ready.message(), now);
    if (!disrupted.isEmpty()) {
      set("DisruptionTarget", true, "TerminationByKubelet", disrupted, now);
    }
    return List.copyOf(known.values());
  }

  /**
   * Whether other resources are waited for; the conditions are there only as long as they are.
   *
   * @param pending reason and message of what is not done; empty: nothing
   * @param inProgress whether it is being done
   */
  public void resize(Optional<Map.Entry<String, String>> pending, boolean inProgress, Instant now) {
    if (pending.isPresent()) {
      set("PodResizePending", true, pending.get().getKey(), pending.get().getValue(), now);
    } else {
      known.remove("PodResizePending");
    }
    if (inProgress) {
      set("PodResizeInProgress", true, "", "", now);
    } else {
      known.remove("PodResizeInProgress");
    }
  }

  private void set(String type, boolean holds, String reason, String message, Instant now) {
    String status = holds ? "True" : "False";
    ConditionView before = known.get(type);
    // Not before the last turn, even if the clock was set back meanwhile.
    boolean kept = before != null && (before.status().equals(status) || now.isBefore(before.since()));
    Instant since = kept ? before.since() : now;
    known.put(type, new ConditionView(type, status, reason, message, since));
  }
}
