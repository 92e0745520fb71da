package io.bundlet.core.dispatch;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.admission.PodDemand;
import io.bundlet.core.origin.PodOrigin;
import io.bundlet.core.pod.EndRequest;
import io.bundlet.core.pod.Listing;
import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.pod.PodWorker;
import io.bundlet.core.pod.SandboxedPod;
import io.bundlet.core.provider.ProviderEvents;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.usage.MeasuredPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops workers until the node runs what its sources want, and passes each provider event to the worker that
 * it concerns. A pod whose name is still taken by another, which is then on its way out, starts when that one is gone.
 */
public final class PodDispatcher implements ProviderEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PodDispatcher.class);
  private static final Duration ABANDON_LIMIT = Duration.ofSeconds(3);

  private final NodeServices node;
  private final PodManifests manifests = new PodManifests();
  private final Orphans orphans;
  private final Map<String, PodWorker> workers = new LinkedHashMap<>();
  private final WantedPods wanted = new WantedPods();
  private final Holds holds;
  private final WaitingPods waiting;
  private final Leavings leavings;
  /** Whether there are pods of which it is not known yet whether anything is left of them. */
  private boolean unsettled;
  /** Of these this dispatcher's own workers have left nothing, while their sources want them still. */
  private final Set<String> finished = new HashSet<>();
  private boolean ended;

  public PodDispatcher(NodeServices node) {
    this.node = node;
    this.orphans = new Orphans(node, this::settle);
    this.holds = new Holds(node);
    this.waiting = new WaitingPods(node.status());
    this.leavings = new Leavings(node, this);
  }

  /** Goes on with the pods that the node remembers, before any source has spoken. */
  public void begin() {
    holds.begin();
    List<PodWorker> remembered = new ArrayList<>();
    for (PodRecord before : node.store().records()) {
      try {
        Pod pod = manifests.pod(before.manifest());
        PodRecord record = StaticPods.again(pod, before, node.time().now());
        remembered.add(new PodWorker(pod, record, node, this::gone));
        if (!record.provider().isEmpty() && record.end().isEmpty()) {
          count(pod, record.handler());
        }
      } catch (RuntimeException unreadable) {
        LOG.error("what is remembered of pod {} cannot be used; it is left alone: {}", before.uid(),
            unreadable.toString());
      }
    }
    // Only now that all of them count is anything promised to a pod that does not run yet.
    for (PodWorker worker : remembered) {
      synchronized (this) {
        workers.put(worker.id().uid(), worker);
        worker.start();
      }
    }
  }

  private void count(Pod pod, String handler) {
    try {
      node.fit().adopt(PodDemand.of(pod, handler));
    } catch (ProviderFailure unreadable) {
      LOG.warn("what pod {} asks for is not counted: {}", pod.getMetadata().getUid(), unreadable.getMessage());
    }
  }

  /**
   * A source wants these pods, and no others.
   *
   * @param ofCluster whether they stand in an API server, by what the source says of itself
   */
  public void wanted(String source, boolean ofCluster, List<Pod> pods) {
    boolean first;
    synchronized (this) {
      first = wanted.nobodyHasSpoken();
      wanted.put(source, ofCluster, pods);
      finished.removeIf(uid -> wanted.sourceOf(uid).isEmpty());
      holds.wanted(wanted.bySource());
    }
    reconcile(true);
    if (first) {
      sweepGroups();
      // Lists from before could not tell whose sandboxes nobody wants.
      node.providers().listAgain();
      leavings.begin(this::knows);
    }
  }

  /**
   * Ends a pod although its source wants it, or keeps it from starting.
   *
   * @param lasting whether it stays away until it is released, or at most as long as the node's process lives
   * @return false when there is no such pod
   */
  public boolean hold(String uid, Duration grace, boolean lasting) {
    Optional<PodWorker> worker;
    synchronized (this) {
      worker = worker(uid);
      Optional<String> source = worker.map(PodWorker::source).or(() -> wanted.sourceOf(uid));
      if (source.isEmpty()) {
        return false;
      }
      holds.add(uid, source.get(), lasting);
    }
    reconcile(false);
    worker.ifPresent(running -> running.stop("stopped by the administrator", min(grace, running.grace())));
    return true;
  }

  /** Has a pod end although its source wants it; it stays, as failed. Does nothing when it has ended or is gone. */
  public void endPod(String uid, EndRequest request) {
    worker(uid).ifPresent(worker -> worker.end(request));
  }

  /** What happened to a pod, the latest last. */
  public List<EventView> events(String uid) {
    return worker(uid).map(PodWorker::events).orElse(List.of());
  }

  /** Adds a container to a running pod; blocks until that is remembered. @return its name */
  public String debug(String uid, DebugContainer wanted) throws AdminFailure, InterruptedException {
    return DebugContainers.add(
        worker(uid).orElseThrow(() -> new AdminFailure("the pod does not run; pod:info says what it waits for")),
        manifests, wanted);
  }

  /** The pods that have been admitted and have not ended. */
  public List<Pod> active() {
    return all().stream().map(PodWorker::active).flatMap(Optional::stream).toList();
  }

  /** The same, as what they use is found out. */
  public List<MeasuredPod> measured() {
    return all().stream().map(PodWorker::measured).flatMap(Optional::stream).toList();
  }

  /** The one of this uid, if it is one of them. */
  public Optional<MeasuredPod> measured(String uid) {
    return worker(uid).flatMap(PodWorker::measured);
  }

  /** The names and ids of all images that pods of the node are made of; also of those that have ended. */
  public Set<String> images() {
    return all().stream().map(PodWorker::images).flatMap(Set::stream).collect(Collectors.toSet());
  }

  /** The pod with its sandbox, while it has one. */
  public Optional<SandboxedPod> sandboxed(String uid) {
    return worker(uid).flatMap(PodWorker::sandboxed);
  }

  /** Those of which something runs, also when they are on their way out. */
  public List<Pod> running() {
    return all().stream().map(PodWorker::running).flatMap(Optional::stream).toList();
  }

  /** The node is shut down: has a pod end, with its own grace but no longer than this. */
  public void shutDown(String uid, Duration grace) {
    worker(uid).ifPresent(worker -> worker.shutDown(grace));
  }

  /** Lets a pod run again that was held. @return false when it was not held */
  public boolean release(String uid) {
    boolean held;
    synchronized (this) {
      held = holds.release(uid);
    }
    reconcile(false);
    return held;
  }

  /** Whether there is, or will soon be, a pod of this uid. Under the lock. */
  private boolean knows(String uid) {
    return ended || workers.containsKey(uid) || wanted.sourceOf(uid).isPresent();
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** @param spoken whether a source has just spoken; what it was told before, it is told again */
  private void reconcile(boolean spoken) {
    List<Runnable> wishes = new ArrayList<>();
    synchronized (this) {
      if (ended) {
        return;
      }
      workers.values().stream()
          .filter(worker -> wanted.hasSpoken(worker.source()))
          .forEach(worker -> wishes.add(wish(worker, wanted.pod(worker.source(), worker.id().uid()))));
      unsettled = false;
      List<WaitingPods.Waiting> wait = new ArrayList<>();
      Map<String, List<Pod>> gone = new LinkedHashMap<>();
      wanted.bySource().forEach(
          (source, pods) ->
              pods.forEach(
                  (uid, pod) -> {
                    if (workers.containsKey(uid)) {
                      return;
                    }
                    if (WantedPods.deleted(pod) && !finished.contains(uid) && !orphans.nothingOf(uid)) {
                      // The node may have run it and have lost its memory of that.
                      unsettled = true;
                    } else if (WantedPods.deleted(pod)) {
                      gone.computeIfAbsent(source, key -> new ArrayList<>()).add(pod);
                    } else if (!WantedPods.ended(pod)) {
                      startOrWait(source, uid, pod, wait);
                    }
                  }));
      waiting.show(wait, workers.keySet());
      node.status().goneAndWanted(gone, spoken);
    }
    wishes.forEach(Runnable::run);
  }

  /** What its source wants of a pod that the node has. @param now empty: that it is no more */
  private Runnable wish(PodWorker worker, Optional<Pod> now) {
    if (now.isEmpty()) {
      return () -> worker.stop("not wanted any more", worker.grace());
    }
    if (WantedPods.deleted(now.get())) {
      return () -> worker.stop("deleted", WantedPods.grace(now.get(), worker.grace()));
    }
    if (WantedPods.ended(now.get())) {
      return () -> worker.end(EndRequest.said(now.get().getStatus(), node.time().now()));
    }
    return PodOrigin.ofCluster(worker.pod())
        ? () -> worker.update(now.get(), manifests::tree) : () -> worker.resize(now.get(), manifests::tree);
  }

  private PodWorker worker(String source, String uid, Pod pod) {
    Pod taken = wanted.takenOn(pod, source, node.time().now());
    PodRecord record = PodRecord.fresh(uid, source, manifests.tree(taken), node.time().now());
    return new PodWorker(taken, record, node, this::gone);
  }

  private void startOrWait(String source, String uid, Pod pod, List<WaitingPods.Waiting> wait) {
    if (holds.holds(uid)) {
      if (holds.shown(uid)) {
        wait.add(
            new WaitingPods.Waiting(
                pod, source, WaitingPods.HELD, "stopped by the administrator; it runs again when it is released"));
      }
      return;
    }
    Optional<PodId> taken = nameTaken(pod);
    if (taken.isPresent()) {
      wait.add(
          new WaitingPods.Waiting(
              pod, source, WaitingPods.NAME_TAKEN,
              "waits for the end of the pod that has its name (uid " + taken.get().uid() + ")"));
      return;
    }
    PodWorker worker = worker(source, uid, pod);
    workers.put(uid, worker);
    finished.remove(uid);
    // Within the lock, so that whoever finds a worker finds it started.
    worker.start();
  }

  private Optional<PodId> nameTaken(Pod pod) {
    return workers.values().stream()
        .map(PodWorker::id)
        .filter(
            id ->
                id.namespace().equals(pod.getMetadata().getNamespace())
                    && id.name().equals(pod.getMetadata().getName()))
        .findFirst();
  }

  private void gone(PodWorker worker) {
    String uid = worker.id().uid();
    synchronized (this) {
      workers.remove(uid);
      node.fit().release(uid);
      // Within the lock, so that it does not remove what the pod's next worker shows.
      node.status().removed(uid);
      finished.add(uid);
      if (wanted.hasSpoken(worker.source()) && wanted.pod(worker.source(), uid).isEmpty()) {
        node.status().gone(worker.source(), worker.pod());
      }
    }
    sweepGroups();
    reconcile(false);
  }

  private synchronized Optional<PodWorker> worker(String uid) {
    return Optional.ofNullable(workers.get(uid));
  }

  private synchronized List<PodWorker> all() {
    return List.copyOf(workers.values());
  }

  @Override
  public void container(ContainerStatus status) {
    worker(status.pod().uid()).ifPresent(worker -> worker.container(status));
  }

  @Override
  public void sandbox(SandboxStatus status) {
    worker(status.pod().uid()).ifPresent(worker -> worker.sandbox(status));
  }

  @Override
  public void listed(String provider, RuntimeSnapshot snapshot, long askedAtNanos) {
    Listing listing = new Listing(snapshot);
    all().forEach(worker -> worker.listed(provider, listing, askedAtNanos));
    orphans.remove(provider, snapshot.sandboxes().stream().filter(this::superseded).toList());
    orphans.removeContainers(provider, snapshot.containers().stream().filter(this::superseded).toList());
    List<SandboxStatus> unknown = snapshot.sandboxes().stream().filter(this::orphaned).toList();
    orphans.listed(provider, unknown);
    boolean sourcesHaveSpoken;
    synchronized (this) {
      sourcesHaveSpoken = !wanted.nobodyHasSpoken();
    }
    if (sourcesHaveSpoken) {
      sweepGroups();
      orphans.remove(provider, unknown);
    }
    settle();
  }

  /** Something is known now that may have been waited for. */
  private void settle() {
    boolean waited;
    synchronized (this) {
      waited = unsettled;
    }
    if (waited) {
      reconcile(false);
    }
  }

  /** Has groups removed that an earlier life of the node has left. */
  private void sweepGroups() {
    node.groups().sweep(node.owner(), uid -> worker(uid).isPresent());
  }

  private boolean orphaned(SandboxStatus sandbox) {
    return worker(sandbox.pod().uid()).isEmpty();
  }

  private boolean superseded(SandboxStatus sandbox) {
    return worker(sandbox.pod().uid()).filter(worker -> worker.superseded(sandbox)).isPresent();
  }

  private boolean superseded(ContainerStatus container) {
    return worker(container.pod().uid()).filter(worker -> worker.superseded(container)).isPresent();
  }

  @Override
  public void changed() {
    all().forEach(PodWorker::nudge);
    node.leftVolumes().nudge();
    settle();
  }

  /** Abandons all workers where they are; the pods themselves are not touched. Blocks for a bounded time. */
  public void end() throws InterruptedException {
    synchronized (this) {
      ended = true;
    }
    leavings.end();
    for (PodWorker worker : all()) {
      worker.abandon(ABANDON_LIMIT);
    }
  }
}
