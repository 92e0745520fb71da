package io.bundlet.core.inbox;

import java.time.Duration;

/**
 * Why and until when something is to stop.
 *
 * @param why for people and logs
 * @param deadlineNanos the monotonic time at which patience ends
 */
public record StopReason(String why, long deadlineNanos) {
  /** What is left of the grace at this monotonic time; never negative. */
  public Duration grace(long nowNanos) {
    return Duration.ofNanos(Math.max(0, deadlineNanos - nowNanos));
  }

  /** The more urgent of the two: a grace may only shrink. */
  public StopReason or(StopReason other) {
    return other.deadlineNanos - deadlineNanos < 0 ? other : this;
  }
}
