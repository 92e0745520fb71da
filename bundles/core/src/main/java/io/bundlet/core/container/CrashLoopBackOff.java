package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.util.Optional;

/**
 * The container keeps ending; it is made again later.
 *
 * @param untilNanos the monotonic time of the next try
 * @param delay the whole wait, for the message
 */
record CrashLoopBackOff(long untilNanos, Duration delay)
    implements ContainerState<ContainerTransitions.AfterCrashLoopBackOff>,
        ContainerTransitions.AfterExited,
        ContainerTransitions.AfterWaiting {
  /** The whole wait before a container is made again that has come to this level. */
  static Duration whole(int level) {
    return BackOff.RESTART.wait(level - 1);
  }

  /** What is left of the wait that the record tells of, also after the core or the node was started anew. */
  static Optional<CrashLoopBackOff> of(ContainerRecord record, NodeTime time) {
    Duration whole = whole(record.backOffLevel());
    Duration left = record.heldBack(time.now(), whole);
    return left.isPositive() ? Optional.of(new CrashLoopBackOff(time.after(left), whole)) : Optional.empty();
  }

  @Override
  public String reason() {
    return CrashLoopBackOff.class.getSimpleName();
  }

  @Override
  public String message() {
    return "back-off " + delay.toSeconds() + "s restarting failed container";
  }

  @Override
  public ContainerTransitions.AfterCrashLoopBackOff next(ContainerContext container)
      throws StopRequested, InterruptedException {
    container.awaitOrStop(() -> false, untilNanos);
    return new ImagePulling(0, 0);
  }

  @Override
  public ContainerTransitions.AfterCrashLoopBackOff onFailure(ContainerContext container, ProviderFailure failure) {
    return new ImagePulling(0, 0);
  }

  @Override
  public ContainerTransitions.AfterCrashLoopBackOff onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
