package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.container.StopReason;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.StopRequested;
import java.time.Instant;
import java.util.Optional;

/**
 * The pod cannot run here as it is.
 *
 * @param refusal the field and why
 * @param at when
 */
record Rejected(Refusal refusal, Instant at)
    implements PodState<PodTransitions.AfterRejected>, PodTransitions.AfterAdmission {
  @Override
  public String reason() {
    return refusal.reason();
  }

  @Override
  public String message() {
    return "Pod was rejected: " + refusal.field() + ": " + refusal.message();
  }

  @Override
  public Optional<PodRecord.End> end() {
    return Optional.of(new PodRecord.End(Phases.FAILED, reason(), message(), false, at));
  }

  @Override
  public PodTransitions.AfterRejected next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    pod.memory().change(record -> record.withEnd(end().orElseThrow()));
    pod.awaitOrStop(() -> false, Inbox.FOREVER);
    throw new IllegalStateException("a wait without end has ended");
  }

  @Override
  public PodTransitions.AfterRejected onFailure(PodContext pod, ProviderFailure failure) {
    return new Terminating(1, failure.getMessage());
  }

  @Override
  public PodTransitions.AfterRejected onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
