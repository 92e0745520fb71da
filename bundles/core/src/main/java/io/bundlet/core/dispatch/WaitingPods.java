package io.bundlet.core.dispatch;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.core.status.ShownPod;
import io.bundlet.core.status.StatusWriter;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Shows the pods that are wanted and have no worker, with what they wait for. Used under the dispatcher's lock. */
final class WaitingPods {
  static final String NAME_TAKEN = "NameTaken";
  static final String HELD = "Held";

  /**
   * A pod that waits.
   *
   * @param source the source that wants it
   * @param reason one word
   * @param message for people
   */
  record Waiting(Pod pod, String source, String reason, String message) {
    private String uid() {
      return pod.getMetadata().getUid();
    }
  }

  private final StatusWriter status;
  private final Set<String> shown = new HashSet<>();

  WaitingPods(StatusWriter status) {
    this.status = status;
  }

  /**
   * These wait now, and no others.
   *
   * @param worked the uids of pods that have a worker, which shows them itself
   */
  void show(List<Waiting> all, Set<String> worked) {
    Set<String> before = Set.copyOf(shown);
    shown.clear();
    for (Waiting waiting : all) {
      shown.add(waiting.uid());
      status.changed(ShownPod.waiting(view(waiting), waiting.pod()));
    }
    before.stream().filter(uid -> !shown.contains(uid) && !worked.contains(uid)).forEach(status::removed);
  }

  private static PodView view(Waiting waiting) {
    Pod pod = waiting.pod();
    return new PodView(
        pod.getMetadata().getNamespace(), pod.getMetadata().getName(), waiting.uid(), waiting.source(), "Pending",
        "Admission", waiting.reason(), waiting.message(), "", "", "",
        Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always"), Optional.empty(), List.of(),
        pod.getSpec().getContainers().stream().map(WaitingPods::view).toList());
  }

  private static ContainerView view(Container container) {
    return new ContainerView(
        container.getName(), Objects.toString(container.getImage(), ""), "", "Waiting", "ContainerCreating", "", false,
        0,
        "", Optional.empty(), Optional.empty(), Optional.empty(), "");
  }
}
