package io.bundlet.core.probe;

import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** Time that stands still until it is moved, and that knows how often somebody has found that nothing is due yet. */
final class ProbeClock implements NodeTime {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong waits = new AtomicLong();

  @Override
  public Instant now() {
    return START.plusNanos(nanos.get());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public void await(Condition condition, long untilNanos) throws InterruptedException {
    waits.incrementAndGet();
    condition.await(1, TimeUnit.MILLISECONDS);
  }

  void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  /** Waits until the one thread that waits by this clock has looked at it again and found nothing to do. */
  void settle() {
    long seen = waits.get();
    while (waits.get() < seen + 3) {
      Thread.onSpinWait();
    }
  }
}
