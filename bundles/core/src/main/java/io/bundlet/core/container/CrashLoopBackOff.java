package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;

/**
 * The container keeps ending; it is made again later.
 *
 * @param untilNanos the monotonic time of the next try
 * @param delay the whole wait, for the message
 */
record CrashLoopBackOff(long untilNanos, Duration delay)
    implements ContainerState<ContainerTransitions.AfterCrashLoopBackOff>, ContainerTransitions.AfterExited {
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
