package io.bundlet.core.pod;

import io.bundlet.api.runtime.Exit;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a pod ends by what its containers have done; sidecars and ephemeral containers do not keep it from that. */
final class PodEnd {
  private PodEnd() {}

  /** Empty while it goes on. */
  static Optional<PodRecord.End> of(PodContainers containers, Map<String, ContainerSnapshot> snapshots, Instant now) {
    if (StartOrder.failed(containers, snapshots).isPresent()) {
      return Optional.of(new PodRecord.End(Phases.FAILED, "", "", false, now));
    }
    List<String> regular = containers.regular().stream().map(PodContainers.Member::name).toList();
    if (!regular.stream().allMatch(name -> snapshots.containsKey(name) && snapshots.get(name).done())) {
      return Optional.empty();
    }
    List<Optional<Exit>> exits = regular.stream().map(name -> snapshots.get(name).exit()).toList();
    if (exits.stream().allMatch(exit -> exit.isPresent() && exit.get().code() == 0)) {
      return Optional.of(new PodRecord.End(Phases.SUCCEEDED, "", "", false, now));
    }
    boolean disrupted = exits.stream().flatMap(Optional::stream).anyMatch(LostSandbox::notItsOwnEnd);
    return Optional.of(
        new PodRecord.End(
            Phases.FAILED, disrupted ? Exit.CONTAINER_STATUS_UNKNOWN : "",
            disrupted ? "a container went away under the pod, and restartPolicy is Never" : "", disrupted, now));
  }
}
