package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * The pod's volumes appear on the host. A pod that has a sandbox already passes, and mounts beside its supervision.
 *
 * @param tries how often mounting has failed in a row
 * @param message what failed last; empty at first
 */
record VolumesMounting(int tries, String message)
    implements PodState<PodTransitions.AfterVolumesMounting>,
        PodTransitions.AfterAdmission,
        PodTransitions.AfterVolumesMounting,
        PodTransitions.AfterSandboxCreating {
  @Override
  public String reason() {
    return message.isEmpty() ? "" : PodVolumes.FAILED_MOUNT;
  }

  @Override
  public boolean mayEnd() {
    return true;
  }

  @Override
  public PodTransitions.AfterVolumesMounting next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries > 0) {
      pod.awaitOrStop(pod.volumes()::objectsChanged, pod.node().time().after(BackOff.RETRY.wait(tries)));
    }
    if (!pod.record().sandboxId().isEmpty()) {
      // Its containers may run: they are looked after first, and its volumes beside them.
      return new SandboxCreating(0, "");
    }
    pod.recheck().settle();
    PodVolumes volumes = pod.volumes();
    Optional<String> missing = volumes.missingDriver();
    if (missing.isPresent() && !missing.get().equals(message)) {
      pod.events().event("", EventSink.WARNING, PodVolumes.FAILED_MOUNT, missing.get());
      return new VolumesMounting(0, missing.get());
    }
    pod.awaitOrStop(() -> volumes.missingDriver().isEmpty(), Inbox.FOREVER);
    pod.child("mount", volumes::mountMissing);
    return new SandboxCreating(0, "");
  }

  @Override
  public PodTransitions.AfterVolumesMounting onFailure(PodContext pod, ProviderFailure failure) {
    pod.events().event("", EventSink.WARNING, PodVolumes.FAILED_MOUNT, failure.getMessage());
    return new VolumesMounting(BackOff.next(tries, failure), failure.getMessage());
  }

  @Override
  public PodTransitions.AfterVolumesMounting onStop(PodContext pod, StopReason why) {
    return pod.inbox().stopRequest().isPresent() ? new Terminating(0, "") : Ending.asked(pod);
  }
}
