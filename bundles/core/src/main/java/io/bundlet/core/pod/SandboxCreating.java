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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The pod gets its sandbox: the one that it had before the core was restarted, if that is still good, or a new one. If
 * it is not known whether a call has made one, the same call is made once more, which gives the one that there is.
 *
 * @param tries how often this has failed in a row
 * @param message what failed last; empty at first
 * @param open the attempt that was asked for by a call whose outcome is not known; empty: there is none
 */
record SandboxCreating(int tries, String message, OptionalInt open)
    implements PodState<PodTransitions.AfterSandboxCreating>,
        PodTransitions.AfterVolumesMounting,
        PodTransitions.AfterSandboxCreating,
        PodTransitions.AfterRunning {
  SandboxCreating(int tries, String message) {
    this(tries, message, OptionalInt.empty());
  }

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
    NetworkWait.await(pod);
    int attempt;
    if (open.isPresent()) {
      attempt = open.getAsInt();
      pod.cgroup().make();
    } else {
      attempt = raised(pod);
    }
    SandboxConfig config = pod.sandboxConfig();
    SandboxStatus made;
    try {
      made = made(pod, pod.call("run-sandbox", provider -> provider.runSandbox(config)), attempt);
    } catch (ProviderFailure failure) {
      if (failure.kind().equals(ProviderFailure.EXISTS)) {
        return new SandboxCreating(tries + 1, failure.getMessage());
      }
      if (failure.outcomeKnown()) {
        throw failure;
      }
      tell(pod, failure);
      return new SandboxCreating(BackOff.next(tries, failure), failure.getMessage(), OptionalInt.of(attempt));
    }
    // Not waited for: nothing is made in it before the next change, which waits for this one, too.
    pod.memory().note(known -> known.withSandbox(attempt, made.id().value()));
    pod.surroundings().addresses(made.addresses());
    return new Running(made.id());
  }

  /**
   * Also at the first start all others go: what the runtime has may be more than what is remembered. While it is asked,
   * the pod gets its control group.
   */
  private static int raised(PodContext pod) throws ProviderFailure, StopRequested, InterruptedException {
    List<SandboxStatus> present = pod.call("list", Sandboxes.present(pod), pod.cgroup()::make);
    int found = Sandboxes.<StopRequested>remove(present, pod::call);
    int attempt = Math.max(found, pod.record().sandboxAttempt()) + 1;
    pod.memory().change(known -> known.withSandbox(attempt, ""));
    return attempt;
  }

  /** What a runtime says that it has made is looked at before anything is built on it. */
  private static SandboxStatus made(PodContext pod, SandboxId id, int attempt)
      throws ProviderFailure, StopRequested, InterruptedException {
    Optional<SandboxStatus> status;
    try {
      status = find(pod, id);
    } catch (ProviderFailure unseen) {
      throw ProviderFailure.outcomeUnknown(unseen.kind(), unseen.getMessage(), unseen);
    }
    return status
        .filter(made -> made.pod().uid().equals(pod.plan().id().uid()) && made.attempt() == attempt)
        .orElseThrow(() -> ProviderFailure.outcomeUnknown(
            ProviderFailure.INTERNAL, "the runtime has made sandbox " + id + ", as it says, but this is none of pod "
            + pod.plan().id(), null));
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
    tell(pod, failure);
    return new SandboxCreating(BackOff.next(tries, failure), failure.getMessage());
  }

  private static void tell(PodContext pod, ProviderFailure failure) {
    pod.events().event(
        "", EventSink.WARNING, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + failure.getMessage());
  }

  @Override
  public PodTransitions.AfterSandboxCreating onStop(PodContext pod, StopReason why) {
    return pod.inbox().stopRequest().isPresent() ? new Terminating(0, "") : Ending.asked(pod);
  }
}
