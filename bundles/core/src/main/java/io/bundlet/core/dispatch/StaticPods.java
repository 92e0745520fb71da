package io.bundlet.core.dispatch;

import io.bundlet.core.admission.PodDemand;
import io.bundlet.core.shutdown.NodeShutdown;
import io.bundlet.core.store.PodRecord;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a new core makes of the ends of static pods. Nobody but the node would ever make other pods in their places, so
 * some are no ends for good, as by the Kubernetes kubelet when it starts.
 */
final class StaticPods {
  private StaticPods() {}

  /**
   * The record with which the pod goes on: one that was rejected is looked at once more, and one that was ended because
   * the machine was shut down runs again, unless it may never run twice.
   */
  static PodRecord again(Pod pod, PodRecord record, Instant now) {
    if (!PodDemand.isStatic(pod) || record.terminating().isPresent()) {
      return record;
    }
    if (record.provider().isEmpty() && record.end().isPresent()) {
      return PodRecord.fresh(record.uid(), record.source(), record.manifest(), record.startedAt());
    }
    if (record.end().filter(StaticPods::byShutdown).isPresent() && !"Never".equals(pod.getSpec().getRestartPolicy())) {
      Set<String> debugging =
          pod.getSpec().getEphemeralContainers().stream().map(EphemeralContainer::getName).collect(Collectors.toSet());
      return record.revived(now, debugging);
    }
    // The node died before it had ended: whatever is left of it runs on.
    boolean begun = record.end().isEmpty() && record.ending().filter(how -> byShutdown(how.end())).isPresent();
    return begun ? record.withoutEnding() : record;
  }

  private static boolean byShutdown(PodRecord.End end) {
    return end.disrupted() && end.reason().equals(NodeShutdown.TERMINATED);
  }
}
