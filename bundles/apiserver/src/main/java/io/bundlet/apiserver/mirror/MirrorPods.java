package io.bundlet.apiserver.mirror;

import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.pods.KnownPods;
import io.bundlet.apiserver.pods.KnownPodsListener;
import io.bundlet.kubernetes.EventRecorder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a mirror of each static pod that runs, with one virtual thread of its own. Mirrors of pods of which nothing was
 * heard for a minute are orphans of an earlier life of the node, and go.
 */
public final class MirrorPods implements KnownPodsListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorPods.class);
  private static final Duration ORPHAN_AFTER = Duration.ofMinutes(1);
  private static final Duration REFUSED_AGAIN = Duration.ofMinutes(10);
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, StaticPod> names = new HashMap<>();
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  private final MirrorRequests requests;
  private final KnownPods known;
  private final EventRecorder events;
  private final Consumer<String> mirrored;
  private final Duration orphanAfter;
  private final Subscription subscription;
  private final Thread thread;
  private boolean closed;

  /**
   * Starts at once.
   *
   * @param mirrored told the uid of a static pod whose mirror has come or changed; never blocks
   */
  public MirrorPods(
      Requests requests, String nodeName, KnownPods known, EventRecorder events, Consumer<String> mirrored) {
    this(new MirrorRequests(requests, nodeName), known, events, mirrored, ORPHAN_AFTER);
  }

  MirrorPods(MirrorRequests requests, KnownPods known, EventRecorder events, Consumer<String> mirrored,
      Duration orphanAfter) {
    this.requests = requests;
    this.known = known;
    this.events = events;
    this.mirrored = mirrored;
    this.orphanAfter = orphanAfter;
    subscription = known.listen(this);
    thread = Thread.ofVirtual().name("mirror pods").start(this::run);
  }

  /** A static pod is there. */
  public void runs(Pod pod) {
    lock.lock();
    try {
      StaticPod name = names.computeIfAbsent(StaticPod.key(pod), key -> new StaticPod());
      if (name.pod == null || !name.pod.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
        name.pod = pod;
        name.ended = false;
        name.later(Duration.ZERO);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing of a static pod is left. */
  public void ended(Pod pod) {
    lock.lock();
    try {
      StaticPod name = names.get(StaticPod.key(pod));
      if (name != null && name.pod != null
          && name.pod.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
        name.pod = null;
        name.ended = true;
        name.later(Duration.ZERO);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The pod runs again, though its mirror has come to an end for good, as when the machine was shut down in between:
   * it gets another mirror, since no phase ever goes back.
   *
   * @param mirror the uid of the mirror that is over
   */
  public void outlived(Pod pod, String mirror) {
    lock.lock();
    try {
      StaticPod name = names.get(StaticPod.key(pod));
      if (name != null && !name.outlived.equals(mirror)) {
        name.outlived = mirror;
        name.later(Duration.ZERO);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The mirror of this very pod, if it is there and stays. */
  public Optional<Pod> mirror(Pod pod) {
    String key = StaticPod.key(pod);
    StaticPod name = locked(key);
    return find(key).filter(mirror -> fits(mirror, pod) && !over(mirror, name));
  }

  private static boolean over(Pod mirror, StaticPod name) {
    return name != null && name.outlived.equals(mirror.getMetadata().getUid());
  }

  private static boolean fits(Pod mirror, Pod pod) {
    return mirror.getMetadata().getDeletionTimestamp() == null
        && StaticPod.annotation(mirror, StaticPod.MIRROR).equals(StaticPod.hash(pod));
  }

  private Optional<Pod> find(String key) {
    return known.mirrors().stream().filter(mirror -> StaticPod.key(mirror).equals(key)).findFirst();
  }

  @Override
  public void listed() {
    lock.lock();
    try {
      for (Pod mirror : known.mirrors()) {
        names.computeIfAbsent(StaticPod.key(mirror), key -> {
          StaticPod orphan = new StaticPod();
          orphan.later(orphanAfter);
          return orphan;
        });
      }
      names.values().forEach(StaticPod::touched);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void changed(Map<String, Object> pod) {
    if (Trees.at(pod, "metadata", "annotations", StaticPod.MIRROR) != null) {
      touched();
    }
  }

  @Override
  public void removed(String uid) {
    touched();
  }

  private void touched() {
    lock.lock();
    try {
      if (!names.isEmpty()) {
        names.values().forEach(StaticPod::touched);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (String key = next(); key != null; key = next()) {
        look(key);
      }
    } catch (InterruptedException e) {
      LOG.debug("Mirrors of static pods are not kept any more.");
    }
  }

  private String next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long wait = Duration.ofHours(1).toNanos();
        long now = System.nanoTime();
        for (Map.Entry<String, StaticPod> entry : names.entrySet()) {
          StaticPod name = entry.getValue();
          if (name.dirty && known.complete()) {
            if (now - name.notBefore >= 0) {
              name.dirty = false;
              return entry.getKey();
            }
            wait = Math.min(wait, name.notBefore - now);
          }
        }
        changed.awaitNanos(wait);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void look(String key) throws InterruptedException {
    StaticPod name = locked(key);
    Pod pod = name == null ? null : name.pod;
    try {
      Optional<Pod> mirror = find(key);
      if (name != null) {
        keep(key, name, pod, mirror);
      }
      backoff.reset();
    } catch (ServerFailure e) {
      if (e.passing() || e.absent() || pod == null) {
        again(key, backoff.next(e));
      } else if (e.code() == 409) {
        again(key, SETTLING); // the watch has not told yet, or another pod has the name
      } else {
        refused(name, pod, "the API server refuses its mirror: " + e.getMessage());
        again(key, REFUSED_AGAIN);
      }
    } catch (IOException e) {
      again(key, backoff.next(e));
    } catch (RuntimeException e) {
      LOG.error("The mirror of {} could not be looked at.", key, e);
      again(key, REFUSED_AGAIN);
    }
  }

  private void keep(String key, StaticPod name, Pod pod, Optional<Pod> mirror)
      throws IOException, InterruptedException {
    if (mirror.isPresent() && (pod == null || !fits(mirror.get(), pod) || over(mirror.get(), name))) {
      LOG.info("Deleting the mirror of {}, which is not that of a pod that runs.", key);
      requests.delete(mirror.get());
      settle(key);
    } else if (mirror.isPresent()) {
      mirrored.accept(pod.getMetadata().getUid());
    } else if (pod == null) {
      forget(key, name);
    } else {
      Optional<String> obstacle = MirrorObstacle.of(pod);
      if (obstacle.isPresent()) {
        refused(name, pod, "it runs, but the API server shows nothing of it, because static pods that refer to "
            + obstacle.get() + " can have no mirror");
      } else {
        requests.create(pod);
        settle(key);
      }
    }
  }

  private void refused(StaticPod name, Pod pod, String why) {
    String uid = pod.getMetadata().getUid();
    if (!Objects.equals(name.refused, uid)) {
      name.refused = uid;
      LOG.warn("Static pod {}: {}", StaticPod.key(pod), why);
      events.event(new ObjectReferenceBuilder().withApiVersion("v1").withKind("Pod")
          .withNamespace(pod.getMetadata().getNamespace()).withName(pod.getMetadata().getName()).withUid(uid).build(),
          "Warning", "MirrorPodNotCreated", why);
    }
  }

  private StaticPod locked(String key) {
    lock.lock();
    try {
      return names.get(key);
    } finally {
      lock.unlock();
    }
  }

  private void again(String key, Duration wait) {
    lock.lock();
    try {
      StaticPod name = names.get(key);
      if (name != null) {
        name.later(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle(String key) {
    lock.lock();
    try {
      StaticPod name = names.get(key);
      if (name != null) {
        name.settle(SETTLING);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(String key, StaticPod name) {
    lock.lock();
    try {
      if (name.pod == null) {
        names.remove(key);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    subscription.close();
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
