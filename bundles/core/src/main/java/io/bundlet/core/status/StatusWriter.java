package io.bundlet.core.status;

import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place from which pods' statuses leave the core. Workers leave the latest view of their pod and go on; one
 * thread tells the listeners, each change in order, so what waits is bounded by the number of pods.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  /** A change that has not been told yet. */
  private record Change(PodView pod, boolean removed) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Map<String, PodView> current = new LinkedHashMap<>();
  private Map<String, Change> pending = new LinkedHashMap<>();
  private List<Problem> problems = List.of();
  private boolean problemsPending;
  private boolean closed;
  private final CopyOnWriteArrayList<PodListener> listeners = new CopyOnWriteArrayList<>();
  private final Thread teller = Thread.ofVirtual().name("bundlet-status").start(this::tell);

  /** A pod is now like this. Never blocks. */
  public void changed(PodView pod) {
    lock.lock();
    try {
      if (!pod.equals(current.put(pod.uid(), pod))) {
        pending.put(pod.uid(), new Change(pod, false));
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A pod is gone. Never blocks. */
  public void removed(String uid) {
    lock.lock();
    try {
      PodView last = current.remove(uid);
      if (last != null) {
        pending.put(uid, new Change(last, true));
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The sources' problems are now these. Never blocks. */
  public void problems(List<Problem> all) {
    lock.lock();
    try {
      problemsPending |= !all.equals(problems);
      problems = List.copyOf(all);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The sources' problems. */
  public List<Problem> problems() {
    lock.lock();
    try {
      return problems;
    } finally {
      lock.unlock();
    }
  }

  /** All pods as they are now. */
  public List<PodView> pods() {
    lock.lock();
    try {
      return List.copyOf(current.values());
    } finally {
      lock.unlock();
    }
  }

  /** Tells this listener of each change from now on. */
  public Subscription watch(PodListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void tell() {
    while (true) {
      List<Change> changes;
      List<Problem> tellProblems;
      lock.lock();
      try {
        while (pending.isEmpty() && !problemsPending && !closed) {
          work.awaitUninterruptibly();
        }
        if (closed) {
          return;
        }
        changes = new ArrayList<>(pending.values());
        pending = new LinkedHashMap<>();
        tellProblems = problemsPending ? problems : null;
        problemsPending = false;
      } finally {
        lock.unlock();
      }
      for (PodListener listener : listeners) {
        tell(listener, changes, tellProblems);
      }
    }
  }

  private static void tell(PodListener listener, List<Change> changes, List<Problem> problems) {
    for (Change change : changes) {
      guarded(() -> {
        if (change.removed()) {
          listener.removed(change.pod());
        } else {
          listener.changed(change.pod());
        }
      });
    }
    if (problems != null) {
      guarded(() -> listener.problems(problems));
    }
  }

  private static void guarded(Runnable told) {
    try {
      told.run();
    } catch (RuntimeException | LinkageError defect) {
      LOG.warn("a listener to pods failed", defect);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }
}
