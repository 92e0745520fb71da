package io.bundlet.core.status;

import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.PodStatusSink;
import io.fabric8.kubernetes.api.model.Pod;
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
 * thread tells the listeners and sinks, each change in order, so what waits is bounded by the number of pods.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  /** A change that has not been told yet. */
  private record Change(PodView pod, boolean removed) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Map<String, ShownPod> current = new LinkedHashMap<>();
  private Map<String, Change> pending = new LinkedHashMap<>();
  private final ReportQueue reports = new ReportQueue();
  private List<Problem> problems = List.of();
  private boolean problemsPending;
  private boolean closed;
  /** Whether there is anybody for whom statuses are made. */
  private volatile boolean sinks;
  private final CopyOnWriteArrayList<PodListener> listeners = new CopyOnWriteArrayList<>();
  private final Thread teller = Thread.ofVirtual().name("bundlet-status").start(this::tell);

  /** A pod is now like this. Never blocks. */
  public void changed(ShownPod pod) {
    if (sinks) {
      pod.status(); // not under the lock
    }
    lock.lock();
    try {
      ShownPod before = current.put(pod.uid(), pod);
      if (before == null || !pod.view().equals(before.view())) {
        pending.put(pod.uid(), new Change(pod.view(), false));
        work.signal();
      }
      if (sinks && (before == null || !pod.report().equals(before.report()))) {
        reports.changed(pod);
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
      ShownPod last = current.remove(uid);
      if (last != null) {
        pending.put(uid, new Change(last.view(), true));
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is left of a pod, which its source may forget; told after all that was said of it. Never blocks. */
  public void gone(String source, Pod pod) {
    lock.lock();
    try {
      reports.gone(new ReportQueue.Gone(source, pod));
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Of these pods, by the names of their sources, nothing is left, and their sources want them still. Never blocks.
   *
   * @param again whether that is told also of those of which it was told before
   */
  public void goneAndWanted(Map<String, List<Pod>> all, boolean again) {
    lock.lock();
    try {
      List<ReportQueue.Gone> gone = new ArrayList<>();
      all.forEach((source, pods) -> pods.forEach(pod -> gone.add(new ReportQueue.Gone(source, pod))));
      reports.goneAndWanted(gone, again);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Somebody came who sends statuses on; he is told all that there is, and then each change. Never blocks. */
  public void add(PodStatusSink sink) {
    lock.lock();
    try {
      reports.add(sink, current.values());
      sinks = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** He leaves. A call that is under way ends by itself. */
  public void remove(PodStatusSink sink) {
    lock.lock();
    try {
      reports.remove(sink);
      sinks = reports.hasSinks();
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
      return current.values().stream().map(ShownPod::view).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The same, with all that is told of them. */
  public List<ShownPod> shown() {
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
      Map<PodStatusSink, List<ReportQueue.Due>> tellReports;
      lock.lock();
      try {
        while (pending.isEmpty() && reports.isEmpty() && !problemsPending && !closed) {
          work.awaitUninterruptibly();
        }
        if (closed) {
          return;
        }
        changes = new ArrayList<>(pending.values());
        pending = new LinkedHashMap<>();
        tellProblems = problemsPending ? problems : null;
        problemsPending = false;
        tellReports = reports.take();
      } finally {
        lock.unlock();
      }
      for (PodListener listener : listeners) {
        tell(listener, changes, tellProblems);
      }
      tellReports.forEach((sink, all) -> all.forEach(due -> guarded(() -> due.tell(sink))));
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
      LOG.warn("somebody who listens to pods failed", defect);
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
