package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * All containers have ended well and none runs again. The pod stays, with its logs, until it is deleted.
 *
 * @param how when that was
 * @param tries how often cleaning up has failed in a row
 */
record Succeeded(PodRecord.End how, int tries)
    implements PodState<PodTransitions.AfterSucceeded>,
        PodTransitions.AfterRunning,
        PodTransitions.AfterEnding,
        PodTransitions.AfterSucceeded {
  Succeeded(PodRecord.End how) {
    this(how, 0);
  }

  @Override
  public Optional<PodRecord.End> end() {
    return Optional.of(how);
  }

  @Override
  public PodTransitions.AfterSucceeded next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    EndedPod.stay(pod, how, tries);
    throw new IllegalStateException("a wait without end has ended");
  }

  @Override
  public PodTransitions.AfterSucceeded onFailure(PodContext pod, ProviderFailure failure) {
    return new Succeeded(how, BackOff.next(tries, failure));
  }

  @Override
  public PodTransitions.AfterSucceeded onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
