package io.bundlet.console;

import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Decides when a run is over and how it went. Times are of {@link System#nanoTime}. Used by one thread. */
final class Outcome {
  /** Problems may be told before the pods that are fine; the wait between the two is much shorter than this. */
  private static final long SETTLE = TimeUnit.MILLISECONDS.toNanos(500);
  /** Without a core, or without any pod or problem, something is wrong that nobody has named. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private final Map<String, PodView> pods = new HashMap<>();
  private final Set<String> endedByItself = new HashSet<>();
  private final Set<String> awaited = new HashSet<>();
  private final long began;
  private long problemsSince;
  private boolean connected;
  private boolean problems;
  private boolean stopped;
  private boolean cutShort;

  Outcome(long now) {
    began = now;
  }

  /** The node's core is there. */
  void connected() {
    connected = true;
  }

  boolean connectedOnce() {
    return connected;
  }

  /** There was neither a pod nor a reason why there is none. */
  boolean nothing() {
    return pods.isEmpty() && !problems && !stopped;
  }

  void changed(PodView pod) {
    pods.put(pod.uid(), pod);
    if (ended(pod)) {
      awaited.remove(pod.uid());
    }
    if (ended(pod) && !stopped) {
      endedByItself.add(pod.uid());
    }
  }

  /** What became of a pod counts also when it is taken away then; one that was exchanged while it ran does not. */
  void removed(PodView last) {
    awaited.remove(last.uid());
    if (!ended(last)) {
      pods.remove(last.uid());
      cutShort |= stopped && mayEnd(last);
    }
  }

  void problems(List<Problem> now, long time) {
    if (!now.isEmpty() && !problems) {
      problems = true;
      problemsSince = time;
    }
  }

  static List<PodView> running(Collection<PodView> present) {
    return present.stream().filter(pod -> !ended(pod)).toList();
  }

  void stopping(List<PodView> running) {
    stopped = true;
    running.forEach(pod -> awaited.add(pod.uid()));
  }

  boolean allStopped() {
    return awaited.isEmpty();
  }

  boolean over(long now) {
    if (pods.isEmpty()) {
      return problems ? now - problemsSince > SETTLE : now - began > PATIENCE;
    }
    return pods.values().stream().allMatch(Outcome::ended);
  }

  /** 0 when every pod that can end has succeeded and all manifests could be used. */
  int code() {
    return connected && !problems && !cutShort && !nothing() && pods.values().stream().allMatch(this::good) ? 0 : 1;
  }

  /** A pod that is to run for ever fails by being refused; what becomes of it when it is stopped does not count. */
  private boolean good(PodView pod) {
    return pod.phase().equals("Succeeded") || !mayEnd(pod) && !endedByItself.contains(pod.uid());
  }

  /** Its phase tells the end of its containers; its own end, which is still to be told then, comes after that. */
  static boolean ended(PodView pod) {
    boolean over = pod.phase().equals("Succeeded") || pod.phase().equals("Failed");
    return over && !pod.state().equals("Running");
  }

  private static boolean mayEnd(PodView pod) {
    return !pod.restartPolicy().equals("Always");
  }
}
