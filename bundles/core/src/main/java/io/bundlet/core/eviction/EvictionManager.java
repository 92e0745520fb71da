package io.bundlet.core.eviction;

import io.bundlet.core.admission.PodDemand;
import io.bundlet.core.eviction.NodeSignals.Reading;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.machine.Pressure;
import io.bundlet.core.machine.Signal;
import io.bundlet.core.machine.Threshold;
import io.bundlet.core.time.NodeTime;
import io.bundlet.core.usage.PodUse;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every 10 s, in a thread of its own, at what the node is short of and at what pods use. Pods that take more than
 * their own limits are ended, and others until there is enough again.
 */
public final class EvictionManager extends Inbox {
  /** The reason in the status of a pod that was ended, and of one that was not taken. */
  public static final String EVICTED = "Evicted";

  private static final Logger LOG = LoggerFactory.getLogger(EvictionManager.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration CLEANUP_LIMIT = Duration.ofSeconds(30);

  /** What of the disk nobody uses and can be had without ending a pod. */
  @FunctionalInterface
  public interface Unused {
    /** Begins to give it back; returns at once. @return whether that is still to be waited for */
    boolean reclaim();
  }

  /** The pods of the node. */
  public interface Pods {
    /** Those that have been admitted and have not ended; returns at once. */
    List<Pod> active();

    /** What a pod uses, as far as it is known; returns at once. */
    Optional<PodUse> use(String uid);

    /** Has a pod end as evicted; returns at once. */
    void evict(String uid, String message);
  }

  private final NodeTime time;
  private final NodeSignals signals;
  private final Supplier<List<Threshold>> thresholds;
  private final PressureConditions conditions;
  private final Unused unused;
  private final Pods pods;
  /** Those that were ended for limits of their own and are still there. */
  private final Set<String> over = new HashSet<>();
  private Optional<String> evicting = Optional.empty();
  private long evictingUntilNanos;
  private Thread thread;
  private boolean ended;

  /** Not begun. @param thresholds of now; may change at any time */
  public EvictionManager(
      NodeTime time, NodeSignals signals, Supplier<List<Threshold>> thresholds, PressureConditions conditions,
      Unused unused, Pods pods) {
    super(time);
    this.time = time;
    this.signals = signals;
    this.thresholds = thresholds;
    this.conditions = conditions;
    this.unused = unused;
    this.pods = pods;
  }

  /** Starts the thread. */
  public void begin() {
    thread = Thread.ofPlatform().name("bundlet-eviction").daemon().start(this::run);
  }

  /** Ends the thread. Waits 5 s at most. */
  public void end() throws InterruptedException {
    post(() -> ended = true);
    if (thread != null) {
      thread.interrupt();
      thread.join(5_000);
    }
  }

  private void run() {
    try {
      do {
        look();
      } while (!await(() -> ended, time.after(INTERVAL)));
    } catch (InterruptedException end) {
      LOG.debug("the node's signals are not looked at any more");
    }
  }

  /** Looks once. */
  void look() {
    Map<Signal, Reading> readings = signals.read();
    List<Threshold> met =
        thresholds.get().stream()
            .filter(one -> readings.containsKey(one.signal()))
            .filter(one -> readings.get(one.signal()).available() < amount(one, readings))
            .sorted(Comparator.comparing(Threshold::signal))
            .toList();
    Set<Pressure> pressures = EnumSet.noneOf(Pressure.class);
    met.forEach(one -> pressures.add(one.signal().pressure()));
    conditions.seen(pressures);
    // As in Kubernetes: who breaks a limit of his own goes first, and may give back what is missed.
    if (!enforceLimits() && !met.isEmpty()) {
      makeRoom(met.getFirst(), readings);
    }
  }

  /** Ends all pods that take more than they may by their own manifests. @return whether there were any */
  private boolean enforceLimits() {
    List<Pod> active = pods.active();
    over.retainAll(active.stream().map(EvictionManager::uid).toList());
    boolean any = false;
    for (Pod pod : active) {
      // A pod from a file has nobody else who would hold it to its limits.
      if (PodDemand.mustRun(pod) || over.contains(uid(pod))) {
        continue;
      }
      Optional<String> exceeded = pods.use(uid(pod)).flatMap(use -> StorageLimits.exceeded(pod, use));
      if (exceeded.isPresent()) {
        any = true;
        over.add(uid(pod));
        evict(pod, exceeded.get());
      }
    }
    return any;
  }

  private static long amount(Threshold threshold, Map<Signal, Reading> readings) {
    return threshold.of(readings.get(threshold.signal()).capacity());
  }

  /** Ends one pod, unless the one before may still give something back. */
  private void makeRoom(Threshold met, Map<Signal, Reading> readings) {
    List<Pod> active = pods.active();
    // As in Kubernetes: pods come after what nobody uses.
    if (met.signal().pressure() == Pressure.DISK && unused.reclaim()) {
      return;
    }
    if (evicting.filter(uid -> time.nanos() - evictingUntilNanos < 0 && has(active, uid)).isPresent()) {
      return;
    }
    Signal signal = met.signal();
    String message =
        "The node was low on resource: " + signal.resource() + ". Threshold quantity: "
            + signal.text(amount(met, readings)) + ", available: " + signal.text(readings.get(signal).available())
            + ". ";
    Map<String, Optional<PodUse>> uses = new HashMap<>();
    active.forEach(pod -> uses.put(uid(pod), pods.use(uid(pod))));
    Ranking ranking = new Ranking(signal, uses);
    Optional<Pod> first =
        active.stream()
            .filter(pod -> !PodDemand.isCritical(pod))
            .filter(pod -> !evicting.equals(Optional.of(uid(pod))))
            .min(ranking.order());
    if (first.isEmpty()) {
      LOG.warn("{}No pod can be ended for it", message);
      return;
    }
    evicting = first.map(EvictionManager::uid);
    evictingUntilNanos = time.after(CLEANUP_LIMIT);
    evict(first.get(), message + ranking.culprits(first.get()));
  }

  private void evict(Pod pod, String message) {
    LOG.warn("pod {}/{} is evicted: {}", pod.getMetadata().getNamespace(), pod.getMetadata().getName(), message);
    pods.evict(uid(pod), message);
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static boolean has(List<Pod> active, String uid) {
    return active.stream().anyMatch(pod -> uid(pod).equals(uid));
  }
}
