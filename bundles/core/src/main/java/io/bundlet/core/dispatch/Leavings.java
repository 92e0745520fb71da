package io.bundlet.core.dispatch;

import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.store.NodeRecord.LeftVolume;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.volume.OrphanDirectories;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Clears away, once and beside everything else, the files of pods that nobody knows. */
final class Leavings {
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  private final NodeServices node;
  private final Object lock;
  private Thread thread;

  /** @param lock under which pods come and go */
  Leavings(NodeServices node, Object lock) {
    this.node = node;
    this.lock = lock;
  }

  /** Begins, now that it is known what sources want. @param known whether there is such a pod; asked under the lock */
  synchronized void begin(Predicate<String> known) {
    Set<String> remembered = new HashSet<>();
    node.store().records().stream().map(PodRecord::uid).forEach(remembered::add);
    node.store().node().leftVolumes().stream().map(LeftVolume::uid).forEach(remembered::add);
    OrphanDirectories orphans = new OrphanDirectories(node.directories().root(), node.logs());
    thread = Thread.ofPlatform().name("bundlet-orphan-files").daemon().start(
        () -> orphans.remove((uid, rename) -> {
          synchronized (lock) {
            if (!remembered.contains(uid) && !known.test(uid)) {
              rename.run();
            }
          }
        }));
  }

  /** Ends it where it is; waits some seconds at most. */
  synchronized void end() throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join(END_LIMIT);
    }
  }
}
