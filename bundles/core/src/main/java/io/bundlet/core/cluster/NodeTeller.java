package io.bundlet.core.cluster;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import io.bundlet.kubernetes.NodeSource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second at what the node is like, and tells when it is another; as long as there is nobody who hears it
 * or adds to it, only when it is asked for.
 */
public final class NodeTeller implements NodeSource {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTeller.class);
  /** In place of a version that a runtime does not tell. */
  private static final String UNKNOWN = "unknown";
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  private final NodeTime time;
  private final ProviderRegistry providers;
  private final Function<Map<String, Long>, NodeBasics> node;
  private String name = "";
  private final NodeReadiness readiness;
  private final NodeImages images;
  private final NodeFacets facets;
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Waiter waiter;
  private final Object looking = new Object();
  private volatile Node last;
  /** Whether it is looked at once a second. */
  private volatile boolean watched;
  private boolean started;
  private String runtime = "";
  private volatile Cluster cluster = new Cluster();
  private final Map<String, String> conditionsBefore = new HashMap<>();
  private Thread thread;

  /**
   * A node that nobody has looked at yet.
   *
   * @param node what the node is, beside what its providers say, with these resources of other bundles; asked by one
   *     thread at a time, quick
   */
  public NodeTeller(NodeTime time, ProviderRegistry providers, Function<Map<String, Long>, NodeBasics> node) {
    this.time = time;
    this.providers = providers;
    this.node = node;
    this.readiness = new NodeReadiness(time);
    this.images = new NodeImages(providers, time);
    this.facets = new NodeFacets(time);
    this.waiter = new Waiter(time);
  }

  /** Begins to look. {@link #node} has something to say from now on. @param to hears of the node's events */
  public synchronized void begin(Cluster to) {
    cluster = to;
    lookIfWanted();
    thread = Thread.ofVirtual().name("bundlet-node").start(this::run);
  }

  /** Looks no more; waits some seconds at most. */
  public synchronized void end() throws InterruptedException {
    listeners.clear();
    if (thread != null) {
      thread.interrupt();
      thread.join(END_LIMIT);
      images.end();
    }
  }

  private void run() {
    try {
      while (true) {
        waiter.await(() -> false, time.after(INTERVAL));
        lookIfWanted();
      }
    } catch (InterruptedException ended) {
      LOG.debug("the node is not looked at any more");
    }
  }

  private void lookIfWanted() {
    watched = !listeners.isEmpty() || cluster.isHere();
    if (watched) {
      look();
    }
  }

  /** Looks once. */
  void look() {
    synchronized (looking) {
      Node now = NodeObject.of(facts());
      if (now.equals(last)) {
        return;
      }
      last = now;
    }
    listeners.forEach(NodeTeller::tell);
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException | LinkageError defect) {
      LOG.warn("somebody who listens to the node failed", defect);
    }
  }

  private NodeFacts facts() {
    facets.look(cluster.facets());
    NodeBasics now = node.apply(facets.resources());
    name = now.name();
    List<RuntimeStatus> statuses = providers.statuses();
    readiness.seen(statuses);
    List<ConditionView> conditions = new ArrayList<>(facets.conditions());
    conditions.addAll(now.pressures());
    // The last one, as old masters want it.
    conditions.add(readiness.ready(statuses, now.defaultHandler(), now.hindrances()));
    if (cluster.hears()) {
      tellEvents(conditions);
    }
    return new NodeFacts(
        now.name(), now.addresses(), now.machine(), now.settings(), now.capacity(), now.allocatable(), conditions,
        readiness.handlers(), runtime(statuses, now.defaultHandler()), images.now(), now.version(), facets.labels(),
        facets.annotations());
  }

  private void tellEvents(List<ConditionView> conditions) {
    if (!started) {
      started = true;
      event("Starting", "Starting kubelet.");
    }
    conditions.stream().filter(one -> !one.type().contains("/")).forEach(this::tellTransition);
  }

  private void tellTransition(ConditionView condition) {
    if (!condition.status().equals(conditionsBefore.put(condition.type(), condition.status()))) {
      // NodeReady, NodeHasSufficientMemory, ...
      String reason = condition.reason().replaceFirst("^Kubelet", "Node");
      event(reason, "Node " + name + " status is now: " + reason);
    }
  }

  private void event(String reason, String message) {
    // By the name, because nobody here knows the object's uid; who shows a node's events looks for it so.
    cluster.event(
        new ObjectReferenceBuilder().withApiVersion("v1").withKind("Node").withName(name).withUid(name).build(),
        EventSink.NORMAL, reason, message);
  }

  /** The runtime of pods that name no handler stands for all; while there is none, the last one. */
  private String runtime(List<RuntimeStatus> statuses, String defaultHandler) {
    statuses.stream().filter(one -> one.handlers().containsKey(defaultHandler)).findFirst()
        .or(() -> statuses.stream().filter(RuntimeStatus::ready).findFirst())
        .ifPresent(
            one -> runtime = one.runtimeName() + "://" + (one.version().isEmpty() ? UNKNOWN : one.version()));
    return runtime;
  }

  @Override
  public Node node() {
    if (!watched) {
      look();
    }
    return last;
  }

  @Override
  public Subscription watch(Runnable changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  /** Nothing but a wait. */
  private static final class Waiter extends Inbox {
    private Waiter(NodeTime time) {
      super(time);
    }
  }
}
