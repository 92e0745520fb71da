package io.bundlet.core.container;

import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When a pod's image may be asked for again after it could not be had. Containers of a pod with the same image share
 * the wait. Kept in memory alone, bounded, and forgotten 10 min after the last failure.
 */
public final class PullBackOffs {
  private static final int KEPT = 1000;

  private record Key(String podUid, String image) {}

  /**
   * The wait after failures in a row.
   *
   * @param failures how many
   * @param word the image service's own word for the last one; may be empty
   * @param message the last one's message
   * @param failedNanos when it happened
   * @param untilNanos when it may be asked for again
   */
  record Wait(int failures, String word, String message, long failedNanos, long untilNanos) {}

  private final NodeTime time;
  private final Map<Key, Wait> waits = new LinkedHashMap<>();

  public PullBackOffs(NodeTime time) {
    this.time = time;
  }

  /** The wait that is not over yet. */
  synchronized Optional<Wait> present(String podUid, String image) {
    return Optional.ofNullable(waits.get(new Key(podUid, image)))
        .filter(wait -> wait.untilNanos() - time.nanos() > 0);
  }

  /** It could not be had. */
  synchronized Wait failed(String podUid, String image, String word, String message) {
    Key key = new Key(podUid, image);
    Wait before = waits.remove(key);
    long now = time.nanos();
    boolean first = before == null || now - before.failedNanos() > BackOff.FORGET_AFTER.toNanos();
    int failures = first ? 1 : before.failures() + 1;
    Wait wait = new Wait(failures, word, message, now, time.after(BackOff.RESTART.wait(failures)));
    waits.put(key, wait);
    if (waits.size() > KEPT) {
      waits.remove(waits.keySet().iterator().next());
    }
    return wait;
  }

  /** It is here. */
  synchronized void succeeded(String podUid, String image) {
    waits.remove(new Key(podUid, image));
  }
}
