package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.GoDuration;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.util.Optional;

/**
 * The container keeps ending; it is made again later.
 *
 * @param untilNanos the monotonic time of the next try
 * @param message for people: the whole wait, and of what
 */
record CrashLoopBackOff(long untilNanos, String message)
    implements ContainerState<ContainerTransitions.AfterCrashLoopBackOff>,
        ContainerTransitions.AfterExited,
        ContainerTransitions.AfterWaiting {
  /** The whole wait before a container is made again that has come to this level. */
  static Duration whole(int level) {
    return BackOff.RESTART.wait(level - 1);
  }

  /** What is left of the wait that the record tells of, also after the core or the node was started anew. */
  static Optional<CrashLoopBackOff> of(ContainerContext container, ContainerRecord record) {
    Duration whole = whole(record.backOffLevel());
    Duration left = record.heldBack(container.time().now(), whole);
    if (!left.isPositive()) {
      return Optional.empty();
    }
    String message =
        "back-off " + GoDuration.text(whole) + " restarting failed container=" + container.plan().name() + " pod="
            + container.scope().podText();
    return Optional.of(new CrashLoopBackOff(container.time().after(left), message));
  }

  @Override
  public String reason() {
    return CrashLoopBackOff.class.getSimpleName();
  }

  @Override
  public ContainerTransitions.AfterCrashLoopBackOff next(ContainerContext container)
      throws StopRequested, InterruptedException {
    container.events().event(
        "", EventSink.WARNING, "BackOff",
        "Back-off restarting failed container " + container.plan().name() + " in pod " + container.scope().podText());
    String image = container.plan().image();
    container.awaitOrStop(() -> container.imageIsNot(image), untilNanos);
    return new ImagePulling(0);
  }

  @Override
  public ContainerTransitions.AfterCrashLoopBackOff onFailure(ContainerContext container, ProviderFailure failure) {
    return new ImagePulling(0);
  }

  @Override
  public ContainerTransitions.AfterCrashLoopBackOff onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
