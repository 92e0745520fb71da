package io.bundlet.core.dispatch;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.pod.PodWorker;
import io.bundlet.core.provider.ProviderEvents;
import io.bundlet.core.store.PodRecord;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops workers until the node runs what its sources want, and passes each provider event to the worker that it
 * concerns. A pod whose name is still taken by another, which is then on its way out, starts when that one is gone.
 */
public final class PodDispatcher implements ProviderEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PodDispatcher.class);
  private static final Duration ABANDON_LIMIT = Duration.ofSeconds(3);

  private final NodeServices node;
  private final PodManifests manifests = new PodManifests();
  private final Orphans orphans;
  private final Map<String, PodWorker> workers = new LinkedHashMap<>();
  private final Map<String, Map<String, Pod>> wanted = new HashMap<>();
  private final Set<String> held = new HashSet<>();
  private boolean ended;

  public PodDispatcher(NodeServices node) {
    this.node = node;
    this.orphans = new Orphans(node);
  }

  /** Goes on with the pods that the node remembers, before any source has spoken. */
  public void begin() {
    for (PodRecord record : node.store().records()) {
      PodWorker worker;
      try {
        worker = new PodWorker(manifests.pod(record.manifest()), record, node, this::gone);
      } catch (RuntimeException unreadable) {
        LOG.error("what is remembered of pod {} cannot be used; it is left alone: {}", record.uid(),
            unreadable.toString());
        continue;
      }
      synchronized (this) {
        workers.put(record.uid(), worker);
        worker.start();
      }
    }
  }

  /** A source wants these pods, and no others. */
  public void wanted(String source, List<Pod> pods) {
    Map<String, Pod> byUid = new LinkedHashMap<>();
    pods.forEach(pod -> byUid.put(pod.getMetadata().getUid(), pod));
    boolean first;
    synchronized (this) {
      first = wanted.isEmpty();
      wanted.put(source, byUid);
      held.removeIf(uid -> wanted.values().stream().noneMatch(all -> all.containsKey(uid)));
    }
    reconcile();
    if (first) {
      // Lists from before could not tell whose sandboxes nobody wants.
      node.providers().listAgain();
    }
  }

  /** Ends a pod although its source wants it; it comes back when the source's manifest changes or the node restarts. */
  public Optional<PodId> hold(String uid, Duration grace) {
    PodWorker worker;
    synchronized (this) {
      worker = workers.get(uid);
      if (worker != null) {
        held.add(uid);
      }
    }
    if (worker == null) {
      return Optional.empty();
    }
    worker.stop("stopped by the administrator", min(grace, worker.grace()));
    return Optional.of(worker.id());
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void reconcile() {
    List<PodWorker> unwanted = new ArrayList<>();
    synchronized (this) {
      if (ended) {
        return;
      }
      workers.forEach(
          (uid, worker) -> {
            Map<String, Pod> ofSource = wanted.get(worker.source());
            if (ofSource != null && !ofSource.containsKey(uid)) {
              unwanted.add(worker);
            }
          });
      wanted.forEach(
          (source, pods) ->
              pods.forEach(
                  (uid, pod) -> {
                    if (!workers.containsKey(uid) && !held.contains(uid) && nameIsFree(pod)) {
                      PodWorker worker = worker(source, uid, pod);
                      workers.put(uid, worker);
                      // Within the lock, so that whoever finds a worker finds it started.
                      worker.start();
                    }
                  }));
    }
    unwanted.forEach(worker -> worker.stop("not wanted any more", worker.grace()));
  }

  private PodWorker worker(String source, String uid, Pod pod) {
    PodRecord record = PodRecord.fresh(uid, source, manifests.tree(pod), node.time().now());
    return new PodWorker(pod, record, node, this::gone);
  }

  private boolean nameIsFree(Pod pod) {
    return workers.values().stream()
        .noneMatch(
            worker ->
                worker.id().namespace().equals(pod.getMetadata().getNamespace())
                    && worker.id().name().equals(pod.getMetadata().getName()));
  }

  private void gone(PodWorker worker) {
    synchronized (this) {
      workers.remove(worker.id().uid());
    }
    node.status().removed(worker.id().uid());
    reconcile();
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
    all().forEach(worker -> worker.listed(provider, snapshot, askedAtNanos));
    boolean sourcesHaveSpoken;
    synchronized (this) {
      sourcesHaveSpoken = !wanted.isEmpty();
    }
    if (sourcesHaveSpoken) {
      orphans.remove(provider, snapshot.sandboxes().stream().filter(this::orphaned).toList());
    }
  }

  private boolean orphaned(SandboxStatus sandbox) {
    return worker(sandbox.pod().uid()).isEmpty();
  }

  @Override
  public void changed() {
    all().forEach(PodWorker::nudge);
    node.leftVolumes().nudge();
  }

  /** Abandons all workers where they are; the pods themselves are not touched. Blocks for a bounded time. */
  public void end() throws InterruptedException {
    synchronized (this) {
      ended = true;
    }
    for (PodWorker worker : all()) {
      worker.abandon(ABANDON_LIMIT);
    }
  }
}
