package io.bundlet.core.fake;

import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** Time that stands still until it is moved. Waits look again every few milliseconds of real time. */
public final class ManualTime implements NodeTime {
  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private final AtomicLong nanos = new AtomicLong();
  private final Set<Long> awaited = ConcurrentHashMap.newKeySet();
  private volatile Duration wallOffset = Duration.ZERO;

  @Override
  public Instant now() {
    return start.plusNanos(nanos.get()).plus(wallOffset);
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public void await(Condition condition, long untilNanos) throws InterruptedException {
    awaited.add(untilNanos);
    condition.await(2, TimeUnit.MILLISECONDS);
  }

  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  /** Whether something waits, or has waited, for the time that is so far from now. */
  public boolean awaited(Duration fromNow) {
    return awaited.contains(nanos() + fromNow.toNanos());
  }

  /** Somebody sets the wall clock, by this much. */
  public void setWallClock(Duration by) {
    wallOffset = wallOffset.plus(by);
  }
}
