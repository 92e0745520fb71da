package io.bundlet.core.dispatch;

import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.store.NodeRecord.LeftVolume;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.volume.OrphanDirectories;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears away, once, when the node has started, and beside everything else, the files of pods that nobody knows. */
final class Leavings {
  private static final Logger LOG = LoggerFactory.getLogger(Leavings.class);
  private static final Duration START = Duration.ofSeconds(5);
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
    thread = Thread.ofPlatform().name("bundlet-orphan-files").daemon().start(() -> run(known));
  }

  private void run(Predicate<String> known) {
    try {
      Thread.sleep(START);
    } catch (InterruptedException end) {
      LOG.debug("what earlier nodes left is looked for at the next start");
      return;
    }
    Set<String> remembered = new HashSet<>();
    node.store().records().stream().map(PodRecord::uid).forEach(remembered::add);
    node.store().node().leftVolumes().stream().map(LeftVolume::uid).forEach(remembered::add);
    new OrphanDirectories(node.directories().root(), node.logs()).remove((uid, rename) -> {
      synchronized (lock) {
        if (!remembered.contains(uid) && !known.test(uid)) {
          rename.run();
        }
      }
    });
  }

  /** Ends it where it is; waits some seconds at most. */
  synchronized void end() throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join(END_LIMIT);
    }
  }
}
