package io.bundlet.apiserver.client;

import java.time.Duration;

/** So many requests a second, and so many at once after a pause. Any thread. */
final class RequestRate {
  private final long nanosEach;
  private final long nanosAhead;
  /** When the next one would leave if all left evenly. */
  private long next;

  RequestRate(double perSecond, int burst) {
    nanosEach = (long) (1e9 / perSecond);
    nanosAhead = nanosEach * Math.max(0, burst - 1);
  }

  /**
   * Takes a turn.
   *
   * @return how long to wait for it; negative: longer than the limit, and no turn was taken
   */
  synchronized Duration take(long now, Duration limit) {
    long even = Math.max(next, now - nanosAhead);
    long wait = Math.max(0, even - now);
    if (wait > limit.toNanos()) {
      return Duration.ofNanos(-1);
    }
    next = even + nanosEach;
    return Duration.ofNanos(wait);
  }
}
