package io.bundlet.wasi.http;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestTrap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The places that requests under way take. A pod has only some of them, so that servers that are slow to answer one pod
 * do not stop all others. Who came first is let in first. Any thread.
 */
final class Places {
  private final Semaphore all;
  private final int ofOnePod;
  private final Map<PodId, Pod> pods = new ConcurrentHashMap<>();

  /** One pod's places, while anybody has one of them or waits for one. */
  private static final class Pod {
    final Semaphore places;
    int users;

    Pod(int places) {
      this.places = new Semaphore(places, true);
    }
  }

  /** What is done in a place. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws Refused, GuestTrap, InterruptedException;
  }

  /**
   * Makes them.
   *
   * @param all how many there are
   * @param ofOnePod how many of them a pod may have at a time
   */
  Places(int all, int ofOnePod) {
    this.all = new Semaphore(all, true);
    this.ofOnePod = ofOnePod;
  }

  /** Waits for a place and does something in it. @param end until when it waits, by {@link System#nanoTime} */
  <T> T in(PodId id, long end, Work<T> work) throws Refused, GuestTrap, InterruptedException {
    Pod pod = pods.compute(id, (same, known) -> {
      Pod found = known == null ? new Pod(ofOnePod) : known;
      found.users++;
      return found;
    });
    try {
      // Its pod's first: who waits for that one must not take a place from others.
      return within(pod.places, end, () -> within(all, end, work));
    } finally {
      pods.computeIfPresent(id, (same, known) -> --known.users == 0 ? null : known);
    }
  }

  private static <T> T within(Semaphore places, long end, Work<T> work)
      throws Refused, GuestTrap, InterruptedException {
    if (!places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw Code.REQUEST.because("too many other requests are under way");
    }
    try {
      return work.run();
    } finally {
      places.release();
    }
  }
}
