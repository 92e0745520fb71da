package io.bundlet.core.pod;

import io.bundlet.core.status.Phases;
import io.bundlet.core.store.PodRecord;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Something has decided that a pod must end, though nobody deletes it.
 *
 * @param end how it will have ended
 * @param grace what its containers get at most; its own grace is never exceeded
 */
public record EndRequest(PodRecord.End end, Duration grace) {
  static final String DEADLINE_EXCEEDED = "DeadlineExceeded";
  private static final Duration ITS_OWN = Duration.ofSeconds(Integer.MAX_VALUE);

  /** The pod ends so, with its own grace. */
  static EndRequest of(PodRecord.End end) {
    return new EndRequest(end, ITS_OWN);
  }

  /** The node ends the pod: it fails, and is told to be disrupted. */
  public static EndRequest disrupted(String reason, String message, Instant now, Duration grace) {
    return new EndRequest(new PodRecord.End(Phases.FAILED, reason, message, true, now), grace);
  }

  /** Who wants the pod says that it has ended so. */
  public static EndRequest said(PodStatus status, Instant now) {
    return of(
        new PodRecord.End(
            status.getPhase(), Objects.toString(status.getReason(), ""), Objects.toString(status.getMessage(), ""),
            false, now));
  }

  /** The pod has been active for longer than it may. */
  static EndRequest deadlineExceeded(Instant now) {
    return of(
        new PodRecord.End(
            Phases.FAILED, DEADLINE_EXCEEDED, "Pod was active on the node longer than the specified deadline", false,
            now));
  }
}
