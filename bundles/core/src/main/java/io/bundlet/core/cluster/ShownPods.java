package io.bundlet.core.cluster;

import io.bundlet.core.status.Phases;
import io.bundlet.core.status.ShownPod;
import io.bundlet.core.status.StatusWriter;
import io.bundlet.kubernetes.NodePods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * The node's pods as everybody else is told of them.
 *
 * @param status the one place from which that leaves the core
 */
public record ShownPods(StatusWriter status) implements NodePods {
  @Override
  public List<Pod> pods() {
    return with(status.shown().stream());
  }

  @Override
  public List<Pod> running() {
    return with(status.shown().stream().filter(ShownPod::running));
  }

  private static List<Pod> with(Stream<ShownPod> pods) {
    PodStatus waiting = new PodStatusBuilder().withPhase(Phases.PENDING).build();
    return pods.map(pod -> new PodBuilder(pod.pod()).withStatus(pod.status().orElse(waiting)).build()).toList();
  }
}
