package io.bundlet.core.pod;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.StopRequested;
import java.util.Collection;
import java.util.Optional;

/**
 * The pod has its sandbox, and its containers are looked after, each by its own machine.
 *
 * @param sandbox the sandbox
 */
record Running(SandboxId sandbox)
    implements PodState<PodTransitions.AfterRunning>, PodTransitions.AfterSandboxCreating {
  @Override
  public PodTransitions.AfterRunning next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    PodInbox inbox = pod.inbox();
    inbox.watch(sandbox.value(), pod.node().time().nanos());
    pod.crew().start();
    try {
      return supervise(pod);
    } finally {
      pod.recheck().cancel();
    }
  }

  private static PodTransitions.AfterRunning supervise(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    PodInbox inbox = pod.inbox();
    VolumeRecheck recheck = pod.recheck();
    while (true) {
      recheck.step();
      long seen = inbox.changes();
      pod.reporter().report();
      boolean upgraded = inbox.containers().values().stream().anyMatch(ContainerSnapshot::upgradedAway);
      boolean lost = inbox.await(inbox::sandboxIsLost, pod.node().time().nanos());
      if (lost || upgraded) {
        return startOver(pod, upgraded ? "what it ran on was exchanged" : "the sandbox is not ready any more");
      }
      if (pod.crew().done()) {
        return ended(pod, inbox.containers().values());
      }
      pod.awaitOrStop(() -> inbox.changedSince(seen) || inbox.sandboxIsLost() || recheck.due(), recheck.untilNanos());
    }
  }

  private static PodTransitions.AfterRunning startOver(PodContext pod, String why)
      throws ProviderFailure, InterruptedException {
    pod.crew().abandon();
    pod.inbox().watch("", pod.node().time().nanos());
    // Before anything can fail: what they last said must not make the pod start over once more.
    pod.inbox().forgetContainers();
    Optional<PodRecord.End> end = LostSandbox.forget(pod, why);
    return end.isPresent() ? new Failed(end.get()) : new SandboxCreating(0, "");
  }

  private static PodTransitions.AfterRunning ended(PodContext pod, Collection<ContainerSnapshot> containers) {
    boolean succeeded =
        containers.stream()
            .allMatch(container -> container.exit().filter(exit -> exit.code() == 0).isPresent());
    boolean disrupted =
        containers.stream().anyMatch(container -> container.exit().filter(LostSandbox::notItsOwnEnd).isPresent());
    return succeeded
        ? new Succeeded(new PodRecord.End(Phases.SUCCEEDED, "", "", false, pod.node().time().now()))
        : new Failed(
            new PodRecord.End(
                Phases.FAILED, disrupted ? Exit.CONTAINER_STATUS_UNKNOWN : "",
                disrupted ? "a container went away under the pod, and restartPolicy is Never" : "", disrupted,
                pod.node().time().now()));
  }

  @Override
  public PodTransitions.AfterRunning onFailure(PodContext pod, ProviderFailure failure) {
    return new SandboxCreating(1, failure.getMessage());
  }

  @Override
  public PodTransitions.AfterRunning onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
