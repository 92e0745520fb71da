package io.bundlet.kubeletapi.access;

import java.util.function.LongSupplier;

/** How often something may be done: so often at once, then so often a second. For all threads. */
final class Pace {
  private static final double SECOND = 1e9;

  private final double most;
  private final double perSecond;
  private final LongSupplier nanos;
  private double left;
  private long at;

  Pace(int most, int perSecond, LongSupplier nanos) {
    this.most = most;
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.left = most;
    this.at = nanos.getAsLong();
  }

  /** Whether it may be done now, once. */
  synchronized boolean take() {
    long now = nanos.getAsLong();
    left = Math.min(most, left + (now - at) / SECOND * perSecond);
    at = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
