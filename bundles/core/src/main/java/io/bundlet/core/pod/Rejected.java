package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.time.Instant;
import java.util.Optional;

/**
 * The pod cannot run here as it is.
 *
 * @param refusal the field and why
 * @param at when
 * @param tries how often this could not be remembered in a row
 */
record Rejected(Refusal refusal, Instant at, int tries)
    implements PodState<PodTransitions.AfterRejected>, PodTransitions.AfterAdmission, PodTransitions.AfterRejected {
  @Override
  public String reason() {
    return refusal.reason();
  }

  @Override
  public String message() {
    return "Pod was rejected: " + why();
  }

  private String why() {
    return refusal.field().isEmpty() ? refusal.message() : refusal.field() + ": " + refusal.message();
  }

  @Override
  public Optional<PodRecord.End> end() {
    return Optional.of(new PodRecord.End(Phases.FAILED, reason(), message(), false, at));
  }

  @Override
  public PodTransitions.AfterRejected next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries == 0) {
      pod.events().event("", EventSink.WARNING, refusal.reason(), why());
    } else {
      pod.awaitOrStop(() -> false, pod.node().time().after(BackOff.RETRY.wait(tries)));
    }
    pod.node().fit().release(pod.record().uid());
    pod.memory().change(record -> record.withEnd(end().orElseThrow()));
    pod.awaitOrStop(() -> false, Inbox.FOREVER);
    throw new IllegalStateException("a wait without end has ended");
  }

  @Override
  public PodTransitions.AfterRejected onFailure(PodContext pod, ProviderFailure failure) {
    return new Rejected(refusal, at, BackOff.next(tries, failure));
  }

  @Override
  public PodTransitions.AfterRejected onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
