package io.bundlet.core.pod;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.RestartPolicy;
import io.bundlet.core.pod.PodContainers.Member;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * What becomes of a pod whose sandbox is gone under it: what may run again starts over in a new sandbox, with a restart
 * counted but no back-off; what may never run twice has failed.
 */
final class LostSandbox {
  /** The event of a pod that gets another sandbox. */
  static final String SANDBOX_CHANGED = "SandboxChanged";
  static final String IS_MADE_AGAIN = "Pod sandbox changed, it will be killed and re-created.";

  private LostSandbox() {}

  /**
   * Rewrites the pod's record.
   *
   * @param why for people
   * @return the pod's end, if it must not go on
   */
  static Optional<PodRecord.End> forget(PodContext pod, String why) throws ProviderFailure, InterruptedException {
    Instant now = pod.node().time().now();
    RestartPolicy policy = pod.plan().restartPolicy();
    boolean lostForGood =
        policy == RestartPolicy.Never
            && pod.plan().all().all().stream().anyMatch(member -> lost(member, pod.record().container(member.name())));
    Optional<PodRecord.End> end =
        lostForGood
            ? Optional.of(
                new PodRecord.End(
                    Phases.FAILED, "ContainerStatusUnknown",
                    "a container was running when its sandbox was lost (" + why + "), and restartPolicy is Never", true,
                    now))
            : Optional.empty();
    // One change, so that a write that fails does not part the end from what led to it.
    pod.memory().change(
        record -> {
          PodRecord after = rewritten(record, pod.plan().all(), now);
          return end.map(after::withEnd).orElse(after);
        });
    return end;
  }

  /** What ran in a sandbox that is lost, and may not run twice. */
  private static boolean lost(Member member, ContainerRecord container) {
    return switch (member.type()) {
      case EPHEMERAL -> false;
      case INIT -> container.mayRun() || container.exit().isPresent();
      case SIDECAR, REGULAR ->
          container.mayRun() || container.exit().filter(LostSandbox::notItsOwnEnd).isPresent();
    };
  }

  /** Whether a container with this exit did not end by itself: what it ran on went away under it. */
  static boolean notItsOwnEnd(Exit exit) {
    return exit.reason().equals(Exit.RUNTIME_UPGRADED) || exit.reason().equals(Exit.CONTAINER_STATUS_UNKNOWN);
  }

  private static PodRecord rewritten(PodRecord record, PodContainers containers, Instant now) {
    PodRecord after = record.withSandbox(record.sandboxAttempt(), "");
    for (Member member : containers.all()) {
      ContainerRecord container = record.containers().get(member.name());
      if (container != null) {
        after = after.withContainer(rewritten(container, member, now));
      }
    }
    return after;
  }

  private static ContainerRecord rewritten(ContainerRecord container, Member member, Instant now) {
    ContainerRecord ended =
        container.mayRun()
            ? container.exited(
                new Exit(
                    Exit.KILLED, Exit.CONTAINER_STATUS_UNKNOWN,
                    "The container could not be located when the pod was deleted.  The container used to be Running",
                    now))
            : container;
    return switch (ended.progress()) {
      case NEW -> ended;
      case CREATING -> ended.raised();
      case STARTING -> throw new IllegalStateException("ended above");
      case EXITED -> again(member, ended.exit().orElseThrow()) ? ended.again(ended.backOffLevel()) : ended.done();
      case DONE -> initializes(member) ? ended.again(ended.backOffLevel()) : ended;
    };
  }

  /** In a new sandbox all init containers run again, also those that have ended well. */
  private static boolean again(Member member, Exit exit) {
    return initializes(member) || member.restart().restarts(exit.code());
  }

  private static boolean initializes(Member member) {
    return member.type() == ContainerType.INIT || member.type() == ContainerType.SIDECAR;
  }
}
