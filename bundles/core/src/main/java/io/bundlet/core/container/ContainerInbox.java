package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.inbox.StoppableInbox;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.Optional;

/** What a container's machine must know: the latest status of its present instance, and whether it is to stop. */
final class ContainerInbox extends StoppableInbox {
  private ContainerStatus status;
  private String watched = "";
  private long watchedSinceNanos;
  private boolean missing;
  private Unhealthy unhealthy;
  private long news;
  private boolean stopHeld;
  private boolean mayStop;

  /**
   * Its startup or liveness probe says that it is to be ended.
   *
   * @param message for people
   * @param grace the probe's own; empty: the pod's
   */
  record Unhealthy(String message, Optional<Duration> grace) {}

  ContainerInbox(NodeTime time) {
    super(time);
  }

  /** From now on statuses of this container count; a status of it that came early is kept. */
  void watch(String id, long nowNanos) {
    post(
        () -> {
          if (!watched.equals(id)) {
            watched = id;
            watchedSinceNanos = nowNanos;
            missing = false;
            unhealthy = null;
          }
        });
  }

  void status(ContainerStatus latest) {
    post(
        () -> {
          boolean older = status != null && latest.attempt() < status.attempt();
          boolean staleAfterExit =
              status != null && status.id().equals(latest.id()) && status.exit().isPresent() && latest.exit().isEmpty();
          if (!older && !staleAfterExit) {
            status = latest;
          }
        });
  }

  /** A full list that was asked for at this time does not hold the container. */
  void notListed(long askedAtNanos) {
    post(() -> missing = missing || !watched.isEmpty() && watchedSinceNanos - askedAtNanos < 0);
  }

  /** A probe of the instance with this id has failed for good. */
  void unhealthy(String id, Unhealthy how) {
    post(() -> unhealthy = id.equals(watched) && unhealthy == null ? how : unhealthy);
  }

  Optional<Unhealthy> unhealthy() {
    return read(() -> Optional.ofNullable(unhealthy));
  }

  /** Under the lock. */
  boolean isUnhealthy() {
    return unhealthy != null;
  }

  /** What probes know has changed. */
  void news() {
    post(() -> news++);
  }

  long newsSoFar() {
    return read(() -> news);
  }

  /** Under the lock: whether there are news since that count. */
  boolean newsSince(long count) {
    return news != count;
  }

  /** It is to stop, but not yet. */
  void prepareStop(StopReason why) {
    post(() -> stopHeld = !mayStop);
    stop(why);
  }

  /** Nothing holds its stop back any more. */
  void mayStop() {
    post(
        () -> {
          mayStop = true;
          stopHeld = false;
        });
  }

  /** Under the lock: whether it must run on although it is to stop. */
  boolean stopHeld() {
    return stopHeld;
  }

  /** Under the lock: whether the watched container has ended or is gone. */
  boolean ended() {
    return missing || status != null && status.id().value().equals(watched) && status.exit().isPresent();
  }

  /** The latest status of the watched container. */
  Optional<ContainerStatus> latest() {
    return read(
        () -> Optional.ofNullable(status).filter(known -> known.id().value().equals(watched)));
  }
}
