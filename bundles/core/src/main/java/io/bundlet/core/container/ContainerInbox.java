package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.NodeTime;
import java.util.Optional;

/** What a container's machine must know: the latest status of its present instance, and whether it is to stop. */
final class ContainerInbox extends Inbox {
  private ContainerStatus status;
  private String watched = "";
  private long watchedSinceNanos;
  private boolean missing;
  private StopReason stop;

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

  /** Asks the machine to stop; a second request can only shorten the grace. */
  void stop(StopReason why) {
    post(() -> stop = stop == null ? why : stop.or(why));
  }

  Optional<StopReason> stopRequest() {
    return read(() -> Optional.ofNullable(stop));
  }

  /** Under the lock, for conditions of await. */
  boolean stopping() {
    return stop != null;
  }

  /** Under the lock: whether the watched container has ended or is gone. */
  boolean ended() {
    return missing || status != null && status.id().value().equals(watched) && status.exit().isPresent();
  }

  /** Under the lock: whether a stop earlier than this one is asked for. */
  boolean moreUrgent(StopReason than) {
    return stop != null && stop.deadlineNanos() - than.deadlineNanos() < 0;
  }

  /** The latest status of the watched container. */
  Optional<ContainerStatus> latest() {
    return read(
        () -> Optional.ofNullable(status).filter(known -> known.id().value().equals(watched)));
  }
}
