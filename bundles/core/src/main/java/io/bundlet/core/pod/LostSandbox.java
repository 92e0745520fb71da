package io.bundlet.core.pod;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.container.RestartPolicy;
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
            && pod.record().containers().values().stream().anyMatch(LostSandbox::lost);
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
          PodRecord after = rewritten(record, policy, now);
          return end.map(after::withEnd).orElse(after);
        });
    return end;
  }

  private static boolean lost(ContainerRecord container) {
    return container.mayRun() || container.exit().filter(LostSandbox::notItsOwnEnd).isPresent();
  }

  /** Whether a container with this exit did not end by itself: what it ran on went away under it. */
  static boolean notItsOwnEnd(Exit exit) {
    return exit.reason().equals(Exit.RUNTIME_UPGRADED) || exit.reason().equals(Exit.CONTAINER_STATUS_UNKNOWN);
  }

  private static PodRecord rewritten(PodRecord record, RestartPolicy policy, Instant now) {
    PodRecord after = record.withSandbox(record.sandboxAttempt(), "");
    for (ContainerRecord container : record.containers().values()) {
      after = after.withContainer(rewritten(container, policy, now));
    }
    return after;
  }

  private static ContainerRecord rewritten(ContainerRecord container, RestartPolicy policy, Instant now) {
    ContainerRecord ended =
        container.mayRun()
            ? container.exited(
                new Exit(
                    Exit.KILLED, Exit.CONTAINER_STATUS_UNKNOWN,
                    "the container could not be located; it used to be running", now))
            : container;
    return switch (ended.progress()) {
      case NEW, DONE -> ended;
      case CREATING -> ended.raised();
      case STARTING -> throw new IllegalStateException("ended above");
      case EXITED -> {
        boolean again = policy.restarts(ended.exit().orElseThrow().code());
        yield again ? ended.again(ended.backOffLevel()) : ended.done();
      }
    };
  }
}
