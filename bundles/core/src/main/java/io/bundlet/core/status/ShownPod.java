package io.bundlet.core.status;

import io.bundlet.api.admin.PodView;
import io.bundlet.kubernetes.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Optional;

/**
 * A pod as it is told to everybody.
 *
 * @param view for people on this node
 * @param pod as it is wanted
 * @param status in Kubernetes' form; empty: nothing was done about the pod yet, and nothing is told of it outside
 * @param running whether something of it may still run
 */
public record ShownPod(PodView view, Pod pod, Optional<PodStatus> status, boolean running) {
  /** A pod that waits to be begun. */
  public static ShownPod waiting(PodView view, Pod pod) {
    return new ShownPod(view, pod, Optional.empty(), false);
  }

  String uid() {
    return view.uid();
  }

  /** What sinks are told of it. */
  Optional<PodReport> report() {
    return status.map(known -> new PodReport(view.source(), pod, known, running));
  }
}
