package io.bundlet.core.status;

import io.bundlet.api.runtime.Exit;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.store.ContainerRecord;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountStatus;
import io.fabric8.kubernetes.api.model.VolumeMountStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** A container's status in Kubernetes' form. */
final class ContainerStatuses {
  private ContainerStatuses() {}

  /** @param runtime what stands before {@code ://} in its id */
  static ContainerStatus of(ContainerFact fact, String runtime) {
    ContainerSnapshot now = fact.snapshot();
    return new ContainerStatusBuilder()
        .withName(now.name())
        .withImage(Objects.toString(fact.manifest().getImage(), ""))
        .withImageID(neverRan(now) ? "" : now.imageId())
        .withContainerID(id(runtime, shownId(fact)))
        .withRestartCount(now.attempt())
        .withReady(now.ready())
        .withStarted(now.started())
        .withState(state(fact, runtime))
        .withLastState(
            now.lastExit().map(exit -> terminated(exit, fact.record().run(exit), runtime))
                .orElseGet(ContainerState::new))
        .withVolumeMounts(mounts(fact))
        .withAllocatedResources(ContainerAmounts.promised(fact))
        .withResources(ContainerAmounts.actual(fact))
        .build();
  }

  /**
   * What is only being made is not told of yet, as by the Kubernetes kubelet: each step of a start would be a request
   * to the API server, and nobody can use what has not run.
   */
  private static boolean neverRan(ContainerSnapshot now) {
    return now.kind() == ContainerSnapshot.Kind.WAITING && now.lastExit().isEmpty() && now.exit().isEmpty();
  }

  private static String shownId(ContainerFact fact) {
    ContainerSnapshot now = fact.snapshot();
    if (now.kind() != ContainerSnapshot.Kind.WAITING) {
      return now.id();
    }
    // while the next one is made: the one before
    return now.lastExit().map(exit -> fact.record().run(exit).id()).orElse("");
  }

  private static ContainerState state(ContainerFact fact, String runtime) {
    ContainerSnapshot now = fact.snapshot();
    return switch (now.kind()) {
      // One that is ended while it was being started may run, but since when was never known.
      case RUNNING ->
          now.startedAt()
              .map(since -> new ContainerStateBuilder().withNewRunning(KubernetesTime.text(since)).build())
              .orElseGet(() -> waiting(now));
      case TERMINATED ->
          now.exit()
              .map(exit -> terminated(exit, new ContainerRecord.Run(now.id(), now.startedAt()), runtime))
              .orElseGet(() -> waiting(now));
      case WAITING, UNKNOWN -> waiting(now);
    };
  }

  private static ContainerState waiting(ContainerSnapshot now) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(now.reason().isEmpty() ? ContainerSnapshot.CONTAINER_CREATING : now.reason())
        .withMessage(absent(now.message()))
        .endWaiting()
        .build();
  }

  private static ContainerState terminated(Exit exit, ContainerRecord.Run run, String runtime) {
    // If the clock was set back meanwhile, it did not end before it began.
    Instant finishedAt =
        run.startedAt().filter(began -> began.isAfter(exit.finishedAt())).orElse(exit.finishedAt());
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(exit.code())
        .withReason(absent(exit.reason()))
        .withMessage(absent(exit.message()))
        .withStartedAt(KubernetesTime.text(run.startedAt()))
        .withFinishedAt(KubernetesTime.text(finishedAt))
        .withContainerID(id(runtime, run.id()))
        .endTerminated()
        .build();
  }

  private static List<VolumeMountStatus> mounts(ContainerFact fact) {
    return fact.manifest().getVolumeMounts().stream()
        .map(mount -> {
          boolean readOnly = Boolean.TRUE.equals(mount.getReadOnly());
          return new VolumeMountStatusBuilder()
              .withName(mount.getName())
              .withMountPath(mount.getMountPath())
              .withReadOnly(readOnly ? true : null)
              .withRecursiveReadOnly(readOnly ? "Disabled" : null)
              .build();
        })
        .toList();
  }

  private static String id(String runtime, String id) {
    return id.isEmpty() ? null : runtime + "://" + id;
  }

  static String absent(String text) {
    return text.isEmpty() ? null : text;
  }
}
