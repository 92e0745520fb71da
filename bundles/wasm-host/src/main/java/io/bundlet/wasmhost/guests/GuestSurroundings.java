package io.bundlet.wasmhost.guests;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all guests share.
 *
 * @param timer ends graces and limits
 * @param clock for the time of an end
 * @param modulePatience how long a call waits for a host module that is being exchanged
 * @param killPatience how long a killed guest may take to end before its thread is given up
 * @param cpu limits their threads
 * @param abandoned counts the threads that were given up and have not ended
 */
public record GuestSurroundings(
    ScheduledExecutorService timer,
    Clock clock,
    Duration modulePatience,
    Duration killPatience,
    CpuGroups cpu,
    AtomicInteger abandoned) {
  /** Does something later, unless the host has ended by then. */
  Future<?> later(Duration delay, Runnable what) {
    try {
      return timer.schedule(what, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
