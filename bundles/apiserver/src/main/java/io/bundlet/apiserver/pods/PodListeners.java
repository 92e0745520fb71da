package io.bundlet.apiserver.pods;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.PodSourceListener;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of a source what is wanted, with one virtual thread of its own: whoever is slow is told the
 * latest only.
 */
final class PodListeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodListeners.class);

  /** What somebody was told last, by identity; null: nothing. */
  private record Told(List<Pod> pods, List<Problem> problems) {}

  private static final Told NOTHING = new Told(null, List.of());

  private final Map<PodSourceListener, Told> listeners = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Thread thread = Thread.ofVirtual().name("api pods").unstarted(this::run);
  private Told newest = NOTHING;
  private boolean dirty;
  private boolean closed;

  PodListeners() {
    thread.start();
  }

  Subscription subscribe(PodSourceListener listener) {
    listeners.put(listener, NOTHING);
    wake();
    return () -> listeners.remove(listener);
  }

  /** This is wanted now. */
  void wanted(List<Pod> pods) {
    lock.lock();
    try {
      newest = new Told(pods, newest.problems());
      dirty = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** This is wrong now. */
  void problems(List<Problem> problems) {
    lock.lock();
    try {
      if (!newest.problems().equals(problems)) {
        newest = new Told(newest.pods(), problems);
        dirty = true;
        woken.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      dirty = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (Told now = next(); now != null; now = next()) {
        for (Map.Entry<PodSourceListener, Told> entry : listeners.entrySet()) {
          Told before = entry.getValue();
          if (listeners.replace(entry.getKey(), before, now)) {
            tell(entry.getKey(), before, now);
          }
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Nobody is told of pods any more.");
    }
  }

  private Told next() throws InterruptedException {
    lock.lock();
    try {
      while (!dirty && !closed) {
        woken.await();
      }
      dirty = false;
      return closed ? null : newest;
    } finally {
      lock.unlock();
    }
  }

  private static void tell(PodSourceListener listener, Told before, Told now) {
    try {
      if (!now.problems().equals(before.problems())) {
        listener.problems(now.problems());
      }
      if (now.pods() != null && now.pods() != before.pods()) {
        listener.wanted(now.pods());
      }
    } catch (RuntimeException e) {
      LOG.error("A listener of the API server's pods failed; it hears of the next change.", e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
