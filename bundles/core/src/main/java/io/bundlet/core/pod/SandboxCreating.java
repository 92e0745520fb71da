package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * The pod gets its sandbox: the one that it had before the core was restarted, if that is still good, or a new one.
 *
 * @param tries how often this has failed in a row
 * @param message what failed last; empty at first
 */
record SandboxCreating(int tries, String message)
    implements PodState<PodTransitions.AfterSandboxCreating>,
        PodTransitions.AfterVolumesMounting,
        PodTransitions.AfterSandboxCreating,
        PodTransitions.AfterRunning {
  @Override
  public String reason() {
    return tries == 0 ? "" : "FailedCreatePodSandBox";
  }

  @Override
  public boolean mayEnd() {
    return true;
  }

  @Override
  public PodTransitions.AfterSandboxCreating next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries > 0) {
      pod.awaitOrStop(() -> false, pod.node().time().after(BackOff.RETRY.wait(tries)));
    }
    PodRecord record = pod.record();
    if (record.end().isPresent()) {
      return new Failed(record.end().get());
    }
    if (!record.sandboxId().isEmpty()) {
      pod.awaitProvider(ProviderHandle::listed);
      Optional<SandboxStatus> before = find(pod, new SandboxId(record.sandboxId()));
      if (before.filter(SandboxStatus::ready).isPresent()) {
        pod.surroundings().addresses(before.get().addresses());
        pod.cgroup().make();
        return new Running(new SandboxId(record.sandboxId()));
      }
      Optional<PodRecord.End> end = LostSandbox.forget(pod, "the node or the runtime was restarted");
      if (end.isPresent()) {
        return new Failed(end.get());
      }
      pod.events().event("", EventSink.NORMAL, LostSandbox.SANDBOX_CHANGED, LostSandbox.IS_MADE_AGAIN);
    }
    if (!pod.volumes().complete()) {
      return new VolumesMounting(0, "");
    }
    // Also at the first start: what the runtime has may be more than what is remembered.
    int found = Sandboxes.<StopRequested>removeAll(pod, pod::call);
    int attempt = Math.max(found, pod.record().sandboxAttempt()) + 1;
    pod.memory().change(known -> known.withSandbox(attempt, ""));
    pod.cgroup().make();
    SandboxConfig config = pod.sandboxConfig();
    SandboxId made;
    try {
      made = pod.call("run-sandbox", provider -> provider.runSandbox(config));
    } catch (ProviderFailure failure) {
      if (failure.kind().equals(ProviderFailure.EXISTS)) {
        return new SandboxCreating(tries + 1, failure.getMessage());
      }
      throw failure;
    }
    pod.memory().change(known -> known.withSandbox(attempt, made.value()));
    find(pod, made).ifPresent(status -> pod.surroundings().addresses(status.addresses()));
    return new Running(made);
  }

  private static Optional<SandboxStatus> find(PodContext pod, SandboxId sandbox)
      throws ProviderFailure, StopRequested, InterruptedException {
    try {
      return Optional.of(pod.call("sandbox-status", provider -> provider.sandboxStatus(sandbox)));
    } catch (ProviderFailure failure) {
      if (failure.kind().equals(ProviderFailure.NOT_FOUND)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  @Override
  public PodTransitions.AfterSandboxCreating onFailure(PodContext pod, ProviderFailure failure) {
    pod.events().event(
        "", EventSink.WARNING, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + failure.getMessage());
    return new SandboxCreating(BackOff.next(tries, failure), failure.getMessage());
  }

  @Override
  public PodTransitions.AfterSandboxCreating onStop(PodContext pod, StopReason why) {
    return pod.inbox().stopRequest().isPresent() ? new Terminating(0, "") : Ending.asked(pod);
  }
}
