package io.bundlet.core.fake;

import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** Time that stands still until it is moved. Waits look again every few milliseconds of real time. */
public final class ManualTime implements NodeTime {
  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public Instant now() {
    return start.plusNanos(nanos.get());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public void await(Condition condition, long untilNanos) throws InterruptedException {
    condition.await(2, TimeUnit.MILLISECONDS);
  }

  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
