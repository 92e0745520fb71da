package io.bundlet.core.pod;

import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.pod.PodContainers.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a pod's containers may run: ephemeral ones at once; init containers one after another, where a sidecar is
 * passed as soon as it is started; then the regular ones.
 */
final class StartOrder {
  private StartOrder() {}

  /** Whether all init containers have been passed. */
  static boolean initDone(PodContainers containers, Map<String, ContainerSnapshot> snapshots) {
    return containers.init().stream().allMatch(member -> passed(member, snapshots));
  }

  /** Those that may run before the init containers are done. */
  static List<Member> initializing(PodContainers containers, Map<String, ContainerSnapshot> snapshots) {
    List<Member> due = new ArrayList<>(containers.ephemeral());
    for (Member member : containers.init()) {
      due.add(member);
      if (!passed(member, snapshots)) {
        return due;
      }
    }
    return due;
  }

  /** Those that run once the init containers are done: all but them. */
  static List<Member> initialized(PodContainers containers) {
    return containers.all().stream().filter(member -> member.type() != ContainerType.INIT).toList();
  }

  /** The init container for which the pod has failed: it ended badly and is not made again. */
  static Optional<Member> failed(PodContainers containers, Map<String, ContainerSnapshot> snapshots) {
    return containers.init().stream()
        .filter(member -> member.type() == ContainerType.INIT)
        .filter(member -> snapshots.containsKey(member.name()) && snapshots.get(member.name()).done())
        .filter(member -> !passed(member, snapshots))
        .findFirst();
  }

  private static boolean passed(Member member, Map<String, ContainerSnapshot> snapshots) {
    ContainerSnapshot snapshot = snapshots.get(member.name());
    if (snapshot == null) {
      return false;
    }
    return member.type() == ContainerType.SIDECAR ? snapshot.started() : snapshot.done() && snapshot.ready();
  }
}
