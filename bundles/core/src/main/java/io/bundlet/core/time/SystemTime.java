package io.bundlet.core.time;

import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** The machine's own clocks. */
public final class SystemTime implements NodeTime {
  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void await(Condition condition, long untilNanos) throws InterruptedException {
    long left = untilNanos - System.nanoTime();
    if (left > 0) {
      condition.awaitNanos(left);
    }
  }
}
