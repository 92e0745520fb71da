package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.StopRequested;
import java.util.Map;
import java.util.Optional;

/**
 * The pod has its sandbox, and its containers are looked after, each by its own machine.
 *
 * @param sandbox the sandbox
 */
record Running(SandboxId sandbox)
    implements PodState<PodTransitions.AfterRunning>, PodTransitions.AfterSandboxCreating {
  @Override
  public boolean mayEnd() {
    return true;
  }

  @Override
  public PodTransitions.AfterRunning next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    PodInbox inbox = pod.inbox();
    long since = pod.node().time().nanos();
    inbox.watch(sandbox.value(), since);
    try {
      return supervise(pod, since);
    } finally {
      pod.recheck().cancel();
    }
  }

  private static PodTransitions.AfterRunning supervise(PodContext pod, long since)
      throws ProviderFailure, StopRequested, InterruptedException {
    PodInbox inbox = pod.inbox();
    VolumeRecheck recheck = pod.recheck();
    while (true) {
      recheck.step();
      long seen = inbox.changes();
      pod.asked().add();
      pod.resize().step();
      pod.crew().advance();
      Map<String, ContainerSnapshot> snapshots = inbox.containers();
      Optional<PodRecord.End> end = PodEnd.of(pod.plan().all(), snapshots, pod.node().time().now());
      if (end.isEmpty()) {
        // What it becomes by its end is told when it has ended.
        pod.reporter().report();
      }
      boolean upgraded = snapshots.values().stream().anyMatch(ContainerSnapshot::upgradedAway);
      boolean lost = inbox.await(inbox::sandboxIsLost, pod.node().time().nanos());
      if (lost || upgraded) {
        int tries = upgraded ? 0 : pod.sandboxLost(since);
        return startOver(
            pod, upgraded ? "what it ran on was exchanged" : "the sandbox is not ready any more", tries);
      }
      if (end.isPresent()) {
        return ended(pod, end.get());
      }
      pod.awaitOrStop(
          () -> inbox.changedSince(seen) || inbox.sandboxIsLost() || recheck.due() || pod.resize().due(),
          Math.min(recheck.untilNanos(), pod.resize().untilNanos()));
    }
  }

  private static PodTransitions.AfterRunning startOver(PodContext pod, String why, int tries)
      throws ProviderFailure, InterruptedException {
    pod.crew().abandon();
    pod.inbox().watch("", pod.node().time().nanos());
    // Before anything can fail: what they last said must not make the pod start over once more.
    pod.inbox().forgetContainers();
    Optional<PodRecord.End> end = LostSandbox.forget(pod, why);
    if (end.isPresent()) {
      return new Failed(end.get());
    }
    pod.events().event("", EventSink.NORMAL, LostSandbox.SANDBOX_CHANGED, LostSandbox.IS_MADE_AGAIN);
    return new SandboxCreating(tries, tries == 0 ? "" : "the pod's sandboxes are lost as soon as they are made");
  }

  private static PodTransitions.AfterRunning ended(PodContext pod, PodRecord.End end) {
    if (!pod.crew().done()) {
      return Ending.of(pod, EndRequest.of(end));
    }
    return end.phase().equals(Phases.SUCCEEDED) ? new Succeeded(end) : new Failed(end);
  }

  @Override
  public PodTransitions.AfterRunning onFailure(PodContext pod, ProviderFailure failure) {
    return new SandboxCreating(1, failure.getMessage());
  }

  @Override
  public PodTransitions.AfterRunning onStop(PodContext pod, StopReason why) {
    return pod.inbox().stopRequest().isPresent() ? new Terminating(0, "") : Ending.asked(pod);
  }
}
