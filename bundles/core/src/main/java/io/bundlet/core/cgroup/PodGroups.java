package io.bundlet.core.cgroup;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.cgroup.GroupSupport;
import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.time.NodeTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who makes control groups, for each call anew, and clears up what earlier lives left. For all threads. */
public final class PodGroups {
  /** The condition that says whether limits of processor time hold for all containers. */
  public static final String CPU_LIMITS_ENFORCED = "CpuLimitsEnforced";

  private static final Logger LOG = LoggerFactory.getLogger(PodGroups.class);
  private static final GroupSupport MISSING =
      new GroupSupport(
          "no bundle that makes control groups is installed", "no bundle that makes control groups is installed");

  private final NodeTime time;
  private final CopyOnWriteArrayList<ControlGroups> services = new CopyOnWriteArrayList<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final AtomicBoolean sweepAgain = new AtomicBoolean();
  /** The pod whose groups are being removed because nobody knows it; guarded by this. */
  private String swept = "";
  private GroupSupport told;
  private Instant since;

  public PodGroups(NodeTime time) {
    this.time = time;
    this.since = time.now();
  }

  /** One came. */
  public void bind(ControlGroups service) {
    services.addFirst(service);
  }

  /** One leaves; the groups stay. */
  public void unbind(ControlGroups service) {
    services.remove(service);
  }

  private Optional<ControlGroups> now() {
    return services.stream().findFirst();
  }

  /** What can be done now. */
  public GroupSupport support() {
    return now().map(ControlGroups::support).orElse(MISSING);
  }

  /**
   * Makes a pod's group; blocks a moment.
   *
   * @return where its containers' groups go; empty when nobody makes groups here
   */
  public String make(PodGroup pod) throws ProviderFailure, InterruptedException {
    Optional<ControlGroups> service = now();
    if (service.isEmpty() || !service.get().support().pods().isEmpty()) {
      return "";
    }
    synchronized (this) {
      // Whoever removes it has looked before this pod was known.
      while (swept.equals(pod.pod().uid())) {
        wait();
      }
    }
    return service.get().makePod(pod);
  }

  /** Removes the groups of a pod whose containers are gone; what still lives in them goes with a later sweep. */
  public void remove(Owner owner, String uid) {
    now().ifPresent(service -> remove(service, owner, uid));
  }

  private static void remove(ControlGroups service, Owner owner, String uid) {
    try {
      if (!service.removePod(owner, uid)) {
        LOG.info("the control groups of pod {} are not empty yet", uid);
      }
    } catch (ProviderFailure | RuntimeException | LinkageError failed) {
      LOG.warn("the control groups of pod {} are not removed yet: {}", uid, failed.getMessage());
    }
  }

  /** Removes the groups of pods that are not known, in a thread of its own. Returns at once. */
  public void sweep(Owner owner, Predicate<String> known) {
    sweepAgain.set(true);
    if (sweeping.compareAndSet(false, true)) {
      Thread.ofVirtual().name("bundlet-sweep-groups").start(() -> sweepAll(owner, known));
    }
  }

  private void sweepAll(Owner owner, Predicate<String> known) {
    try {
      while (sweepAgain.getAndSet(false)) {
        now().ifPresent(service -> sweep(service, owner, known));
      }
    } finally {
      sweeping.set(false);
    }
    if (sweepAgain.get()) {
      sweep(owner, known);
    }
  }

  private void sweep(ControlGroups service, Owner owner, Predicate<String> known) {
    try {
      for (String uid : service.pods(owner)) {
        claim(uid);
        try {
          if (!known.test(uid)) {
            remove(service, owner, uid);
          }
        } finally {
          claim("");
        }
      }
    } catch (ProviderFailure | RuntimeException | LinkageError failed) {
      LOG.warn("control groups that were left behind are not removed yet: {}", failed.getMessage());
    }
  }

  private synchronized void claim(String uid) {
    swept = uid;
    notifyAll();
  }

  /** Whether limits of processor time hold, as a condition of the node. */
  public ConditionView condition() {
    GroupSupport support = support();
    synchronized (this) {
      if (!support.equals(told)) {
        since = told == null ? since : time.now();
        told = support;
      }
      String wrong = support.threads().isEmpty() ? support.pods() : support.threads();
      if (wrong.isEmpty()) {
        return new ConditionView(CPU_LIMITS_ENFORCED, "True", "ControlGroups", "", since);
      }
      String what =
          support.threads().isEmpty()
              ? "limits of pods as a whole are not enforced, those of containers are: "
              : "limits of processor time are not enforced for containers in the node's process: ";
      return new ConditionView(
          CPU_LIMITS_ENFORCED, support.threads().isEmpty() ? "True" : "False", "NoControlGroups", what + wrong, since);
    }
  }
}
