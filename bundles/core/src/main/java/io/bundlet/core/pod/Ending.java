package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod must end though nobody deletes it: it was active for too long, an init container failed, the node ends it, or
 * only its sidecars are left. Its containers end with grace, and meanwhile it is shown as it was.
 *
 * @param how how it will have ended
 * @param tries how often this has failed in a row
 */
record Ending(PodRecord.Ending how, int tries)
    implements PodState<PodTransitions.AfterEnding>,
        PodTransitions.AfterAdmission,
        PodTransitions.AfterVolumesMounting,
        PodTransitions.AfterSandboxCreating,
        PodTransitions.AfterRunning,
        PodTransitions.AfterEnding {
  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

  /** Where a pod goes that must leave its state: it is deleted, or it ends. */
  static Ending asked(PodContext pod) {
    EndRequest request = pod.inbox().endRequest().orElseThrow();
    PodRecord.End end = request.end();
    if (!end.reason().isEmpty()) {
      // As in Kubernetes: a deadline is no surprise, the node's decision is.
      pod.events().event("", end.disrupted() ? EventSink.WARNING : EventSink.NORMAL, end.reason(), end.message());
    }
    return of(pod, request);
  }

  static Ending of(PodContext pod, EndRequest request) {
    Duration own = pod.plan().grace();
    Duration grace = request.grace().compareTo(own) < 0 ? request.grace() : own;
    return new Ending(
        new PodRecord.Ending(
            request.end(), pod.reporter().phase(), grace.toSeconds(), pod.node().time().now()), 0);
  }

  @Override
  public Optional<PodRecord.Ending> ending() {
    return Optional.of(how);
  }

  @Override
  public PodTransitions.AfterEnding next(PodContext pod) throws ProviderFailure, StopRequested, InterruptedException {
    NodeTime time = pod.node().time();
    if (tries > 0) {
      pod.awaitOrStop(() -> false, time.after(BackOff.RETRY.wait(tries)));
    }
    remember(pod);
    Duration left = Duration.between(time.now(), how.since().plusSeconds(how.graceSeconds()));
    // A clock that was set back gives no more than the whole grace.
    Duration grace = left.toSeconds() > how.graceSeconds() ? Duration.ofSeconds(how.graceSeconds()) : left;
    StopReason stop =
        new StopReason(how.end().reason(), time.after(grace.isNegative() ? Duration.ZERO : grace));
    StoppingCrew.<StopRequested>run(pod, () -> stop, met -> pod.awaitOrStop(met, Inbox.FOREVER));
    PodRecord.End end = ended(time.now());
    return end.phase().equals(Phases.SUCCEEDED) ? new Succeeded(end) : new Failed(end);
  }

  private void remember(PodContext pod) throws InterruptedException {
    try {
      pod.memory().change(record -> record.ending().isPresent() ? record : record.withEnding(how));
    } catch (ProviderFailure unsaved) {
      // A full disk may be the very reason why it ends; that all is saved is asked for again at the end.
      LOG.warn("the end of pod {} goes on, but is not remembered: {}", pod.plan().id(), unsaved.getMessage());
    }
  }

  private PodRecord.End ended(Instant now) {
    PodRecord.End end = how.end();
    return new PodRecord.End(end.phase(), end.reason(), end.message(), end.disrupted(), now);
  }

  @Override
  public PodTransitions.AfterEnding onFailure(PodContext pod, ProviderFailure failure) {
    LOG.warn("pod {} cannot be ended yet: {}", pod.plan().id(), failure.getMessage());
    return new Ending(how, BackOff.next(tries, failure));
  }

  @Override
  public PodTransitions.AfterEnding onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }
}
