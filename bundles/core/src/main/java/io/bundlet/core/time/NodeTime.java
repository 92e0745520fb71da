package io.bundlet.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * The time by which the node works: the wall clock for what is shown and stored, a monotonic clock for what is waited
 * for.
 */
public interface NodeTime {
  /** The wall clock. */
  Instant now();

  /** The monotonic clock, in nanoseconds from an arbitrary start. */
  long nanos();

  /**
   * Waits, holding the condition's lock, until it is signalled or the monotonic clock reaches {@code untilNanos}; may
   * return early.
   */
  void await(Condition condition, long untilNanos) throws InterruptedException;

  /** The monotonic time after this duration from now; far durations are cut to about a century. */
  default long after(Duration duration) {
    long far = Duration.ofDays(36_500).toNanos();
    return nanos() + (duration.compareTo(Duration.ofDays(36_500)) > 0 ? far : duration.toNanos());
  }
}
