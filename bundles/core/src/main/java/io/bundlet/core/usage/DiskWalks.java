package io.bundlet.core.usage;

import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The walks over pods' files: at most one a pod, at most a few at a time, and none for longer than it may take. */
final class DiskWalks extends Inbox {
  /** More would only wait for the same disk. */
  static final int AT_ONCE = 4;
  private static final Logger LOG = LoggerFactory.getLogger(DiskWalks.class);
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration REST = Duration.ofSeconds(9);
  /** A pod's walks take no more than this part of the time. */
  private static final int PART = 5;
  private static final Duration END_LIMIT = Duration.ofSeconds(3);

  /** One pod's. */
  private static final class Walk {
    private Thread thread;
    private long sinceNanos;
    private long nextNanos;
    private Optional<DiskUse> last = Optional.empty();
  }

  private final NodeTime time;
  private final Map<String, Walk> walks = new HashMap<>();

  DiskWalks(NodeTime time) {
    super(time);
    this.time = time;
  }

  /** Begins the walks that are due, and ends those that take too long or whose pods are gone. */
  void look(List<? extends MeasuredPod> pods) {
    Set<String> uids = pods.stream().map(MeasuredPod::uid).collect(Collectors.toSet());
    post(() -> {
      long now = time.nanos();
      walks.forEach((uid, walk) -> {
        boolean late = now - walk.sinceNanos >= LONGEST.toNanos();
        if (walk.thread != null && (late || !uids.contains(uid))) {
          walk.thread.interrupt();
          if (late) {
            LOG.warn("what pod {} takes of the disk cannot be measured within {}; it is tried again", uid, LONGEST);
          }
        }
      });
      walks.entrySet().removeIf(entry -> entry.getValue().thread == null && !uids.contains(entry.getKey()));
      // Who has waited longest comes first.
      pods.stream()
          .sorted((a, b) -> Long.compare(walk(a, now).nextNanos - now, walk(b, now).nextNanos - now))
          .filter(pod -> walk(pod, now).thread == null && walk(pod, now).nextNanos - now <= 0)
          .limit(Math.max(0, AT_ONCE - under()))
          .forEach(pod -> begin(pod, walk(pod, now), now));
    });
  }

  private Walk walk(MeasuredPod pod, long now) {
    return walks.computeIfAbsent(pod.uid(), uid -> {
      Walk fresh = new Walk();
      fresh.nextNanos = now;
      return fresh;
    });
  }

  private long under() {
    return walks.values().stream().filter(walk -> walk.thread != null).count();
  }

  private void begin(MeasuredPod pod, Walk walk, long now) {
    walk.sinceNanos = now;
    // Not a virtual one: walks block in the kernel for long, which would keep a carrier from others.
    walk.thread = Thread.ofPlatform().name("bundlet-walk-" + pod.uid()).daemon().start(() -> walk(pod, walk));
  }

  private void walk(MeasuredPod pod, Walk walk) {
    Optional<DiskUse> found = Optional.empty();
    try {
      found = Optional.of(pod.disk());
    } catch (InterruptedException late) {
      LOG.debug("the walk over pod {} was ended", pod.uid());
    } catch (RuntimeException | Error defect) {
      LOG.warn("what pod {} takes of the disk cannot be measured", pod.uid(), defect);
    }
    Optional<DiskUse> result = found;
    post(() -> {
      long now = time.nanos();
      walk.thread = null;
      walk.nextNanos = now + Math.max(REST.toNanos(), PART * (now - walk.sinceNanos));
      // Numbers of before are better than none.
      walk.last = result.or(() -> walk.last);
    });
  }

  /** What was found last. */
  Optional<DiskUse> of(String uid) {
    return read(() -> Optional.ofNullable(walks.get(uid)).flatMap(walk -> walk.last));
  }

  /** Ends all walks; waits some seconds at most. */
  void end() throws InterruptedException {
    post(() -> walks.values().stream().filter(walk -> walk.thread != null).forEach(walk -> walk.thread.interrupt()));
    await(() -> under() == 0, time.after(END_LIMIT));
  }
}
