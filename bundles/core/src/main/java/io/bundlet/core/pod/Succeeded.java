package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.container.StopReason;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.StopRequested;

/** All containers have ended well and none runs again. The pod stays, with its logs, until it is deleted. */
record Succeeded(int tries)
    implements PodState<PodTransitions.AfterSucceeded>, PodTransitions.AfterRunning, PodTransitions.AfterSucceeded {
  Succeeded() {
    this(0);
  }

  @Override
  public PodTransitions.AfterSucceeded next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    EndedPod.stay(
        pod, new PodRecord.End(Phases.SUCCEEDED, "", "", false, pod.node().time().now()), tries);
    throw new IllegalStateException("a wait without end has ended");
  }

  @Override
  public PodTransitions.AfterSucceeded onFailure(PodContext pod, ProviderFailure failure) {
    return new Succeeded(tries + 1);
  }

  @Override
  public PodTransitions.AfterSucceeded onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
