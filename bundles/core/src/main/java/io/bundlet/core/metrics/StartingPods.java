package io.bundlet.core.metrics;

import java.util.LinkedHashSet;
import java.util.Set;

/** Pods that do not run yet, by uid; of too many those that came first are forgotten. For all threads. */
final class StartingPods {
  private static final int MOST = 4096;

  private final Set<String> uids = new LinkedHashSet<>();

  synchronized void add(String uid) {
    if (uids.add(uid) && uids.size() > MOST) {
      uids.remove(uids.iterator().next());
    }
  }

  /** Whether it was one of them. */
  synchronized boolean remove(String uid) {
    return uids.remove(uid);
  }
}
