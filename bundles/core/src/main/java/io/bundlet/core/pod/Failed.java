package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * The pod has ended, not well, and does not run again. It stays, with its logs, until it is deleted.
 *
 * @param how how it ended
 * @param tries how often cleaning up has failed in a row
 */
record Failed(PodRecord.End how, int tries)
    implements PodState<PodTransitions.AfterFailed>,
        PodTransitions.AfterSandboxCreating,
        PodTransitions.AfterRunning,
        PodTransitions.AfterEnding,
        PodTransitions.AfterFailed {
  Failed(PodRecord.End how) {
    this(how, 0);
  }

  @Override
  public Optional<PodRecord.End> end() {
    return Optional.of(how);
  }

  @Override
  public String reason() {
    return how.reason();
  }

  @Override
  public String message() {
    return how.message();
  }

  @Override
  public PodTransitions.AfterFailed next(PodContext pod) throws ProviderFailure, StopRequested, InterruptedException {
    EndedPod.stay(pod, how, tries);
    throw new IllegalStateException("a wait without end has ended");
  }

  @Override
  public PodTransitions.AfterFailed onFailure(PodContext pod, ProviderFailure failure) {
    return new Failed(how, BackOff.next(tries, failure));
  }

  @Override
  public PodTransitions.AfterFailed onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
