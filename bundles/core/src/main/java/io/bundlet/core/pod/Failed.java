package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.container.StopReason;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.StopRequested;

/**
 * The pod has ended, not well, and does not run again. It stays, with its logs, until it is deleted.
 *
 * @param end how it ended
 */
record Failed(PodRecord.End end, int tries)
    implements PodState<PodTransitions.AfterFailed>,
        PodTransitions.AfterSandboxCreating,
        PodTransitions.AfterRunning,
        PodTransitions.AfterFailed {
  Failed(PodRecord.End end) {
    this(end, 0);
  }

  @Override
  public String reason() {
    return end.reason();
  }

  @Override
  public String message() {
    return end.message();
  }

  @Override
  public PodTransitions.AfterFailed next(PodContext pod) throws ProviderFailure, StopRequested, InterruptedException {
    EndedPod.stay(pod, end, tries);
    throw new IllegalStateException("a wait without end has ended");
  }

  @Override
  public PodTransitions.AfterFailed onFailure(PodContext pod, ProviderFailure failure) {
    return new Failed(end, tries + 1);
  }

  @Override
  public PodTransitions.AfterFailed onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
