package io.bundlet.apiserver.status;

import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.call.ServerFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The pods of which there is something to say: each once, in the order in which it came up, but the urgent ones first,
 * and then who has waited long; what the others would have said first is then often out of date. While the server does
 * not answer, all wait together, and one after another is tried until one goes well; so the number of requests does
 * not grow with that of pods.
 */
final class StatusQueue {
  private static final int INTERNAL = 500;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, PodEntry> entries = new HashMap<>();
  private final Set<PodEntry> ready = new LinkedHashSet<>();
  /** Who has waited for so long is not passed any more. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  private long notBefore = System.nanoTime();
  private int busy;
  private boolean closed;

  /** Changes an entry, which is made if it is not there, and has it looked at. */
  void offer(String uid, Consumer<PodEntry> change) {
    lock.lock();
    try {
      PodEntry entry = entries.computeIfAbsent(uid, PodEntry::new);
      change.accept(entry);
      enqueue(entry);
    } finally {
      lock.unlock();
    }
  }

  /** Has an entry looked at, if there is one. */
  void poke(String uid) {
    lock.lock();
    try {
      PodEntry entry = entries.get(uid);
      if (entry != null) {
        enqueue(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has all looked at. */
  void pokeAll() {
    lock.lock();
    try {
      entries.values().forEach(this::enqueue);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets an entry. */
  void remove(String uid) {
    lock.lock();
    try {
      PodEntry entry = entries.remove(uid);
      if (entry != null) {
        ready.remove(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads or changes under the lock. */
  <T> T locked(Supplier<T> change) {
    lock.lock();
    try {
      return change.get();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(PodEntry entry) {
    if (!entry.queued) {
      entry.queuedAt = System.nanoTime();
    }
    entry.queued = true;
    if (!entry.busy) {
      ready.add(entry);
    }
    changed.signalAll();
  }

  /** The next entry, which is the caller's until {@link #done} or {@link #failed}; null when this was closed. */
  PodEntry take() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        boolean open = now - notBefore >= 0 && (backoff.failures() == 0 || busy == 0);
        if (!open) {
          wait = Math.max(notBefore - now, 0);
        }
        PodEntry first = null;
        for (Iterator<PodEntry> each = ready.iterator(); open && each.hasNext();) {
          PodEntry entry = each.next();
          if (now - entry.notBefore < 0) {
            wait = Math.min(wait, entry.notBefore - now);
          } else if (entry.urgent || now - entry.queuedAt > PATIENCE.toNanos()) {
            first = entry;
            break;
          } else if (first == null) {
            first = entry;
          }
        }
        if (first != null) {
          ready.remove(first);
          first.queued = false;
          first.urgent = false;
          first.busy = true;
          busy++;
          return first;
        }
        await(wait);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void await(long nanos) throws InterruptedException {
    if (nanos == Long.MAX_VALUE || nanos == 0) {
      // something has to happen first: an entry, or the end of the one that is tried
      changed.await();
    } else {
      changed.awaitNanos(nanos);
    }
  }

  /** The server has answered. */
  void done(PodEntry entry) {
    lock.lock();
    try {
      backoff.reset();
      release(entry);
    } finally {
      lock.unlock();
    }
  }

  /** The server does not answer, or has no time: nobody asks it for a while. */
  void failed(PodEntry entry, Exception failure) {
    lock.lock();
    try {
      long now = System.nanoTime();
      // several that were under way fail together, which counts once
      if (now - notBefore >= 0) {
        notBefore = now + backoff.next(failure).toNanos();
      }
      if (failure instanceof ServerFailure answer && answer.code() == INTERNAL) {
        // it may be this pod alone: the others are not to wait for it again and again
        entry.notBefore = now + entry.broken.next(failure).toNanos();
      }
      entry.queued = true;
      release(entry);
    } finally {
      lock.unlock();
    }
  }

  /** How often one after another the server did not answer. */
  int failures() {
    lock.lock();
    try {
      return backoff.failures();
    } finally {
      lock.unlock();
    }
  }

  private void release(PodEntry entry) {
    busy--;
    entry.busy = false;
    if (entry.queued && entries.get(entry.uid) == entry) {
      ready.add(entry);
    }
    changed.signalAll();
  }

  /** Waits until all is said, as long as the server answers. */
  void drain(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (left > 0 && backoff.failures() == 0 && (busy > 0 || waiting())) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits for his turn, and not for the end of his own refusals. */
  private boolean waiting() {
    return ready.stream().anyMatch(entry -> entry.backoff.failures() == 0 && entry.broken.failures() == 0);
  }

  /** Nobody is looked at any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
