package io.bundlet.apiserver.node;

import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.kubernetes.NodeSource;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the node and keeps its object and its lease. Two threads, so that a status that the server does not take
 * never makes the lease late.
 */
@Component(service = {}, immediate = true, configurationPid = "io.bundlet.apiserver",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class NodeRegistration {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);
  /** Changes within this time go out together. */
  private static final Duration GATHER = Duration.ofMillis(200);
  private static final double JITTER = 0.04;
  private static final int LEASE_TRIES = 5;
  /** For so long a node that was started again lives without saying what it is like. */
  private static final Duration UNKNOWN_LIMIT = Duration.ofMinutes(2);

  private final ApiServer server;
  private final Requests requests;
  private final Semaphore changed = new Semaphore(0);
  private final Thread status;
  private final Thread lease;
  /** What was said last: it counts on while the core is exchanged. */
  private Node known;
  private volatile NodeSource source;
  private volatile NodeTimes times;
  private volatile String uid = "";
  private Subscription subscription = () -> {};

  /** Begins with its work; returns at once. */
  @Activate
  public NodeRegistration(@Reference ApiServer server, ApiServerConfig config) {
    this.server = server;
    times = NodeTimes.of(config);
    requests = new Requests(server::client);
    status = Thread.ofVirtual().name("node-status").start(() -> loop(this::keepStatus));
    lease = Thread.ofVirtual().name("node-lease").start(() -> loop(this::keepLease));
  }

  /** Holds from the next round on. */
  @Modified
  void modified(ApiServerConfig config) {
    times = NodeTimes.of(config);
    changed.release();
  }

  @Deactivate
  void stop() {
    status.interrupt();
    lease.interrupt();
    try {
      status.join(Duration.ofSeconds(3));
      lease.join(Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void setSource(NodeSource next) {
    subscription.close();
    source = next;
    subscription = next.watch(changed::release);
    changed.release();
  }

  synchronized void unsetSource(NodeSource gone) {
    if (source == gone) {
      source = null;
      subscription.close();
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private static void loop(Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      LOG.debug("The node is not kept in the API server any more.");
    } catch (RuntimeException | Error e) {
      LOG.error("The node is not kept in the API server any more, until the bundle is started again.", e);
      throw e;
    }
  }

  private void keepStatus() throws InterruptedException {
    NodeStatus object = new NodeStatus(requests, server.nodeName(), InstantSource.system(), System::nanoTime,
        () -> times);
    Outage outage = new Outage("The node's status");
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(7));
    while (true) {
      Duration wait = jittered(times.look());
      try {
        NodeSource now = source;
        if (now != null) {
          known = now.node();
        }
        if (known != null) {
          uid = object.step(requests.json().tree(known));
          backoff.reset();
          outage.over();
        }
      } catch (IOException e) {
        wait = backoff.next(e);
        outage.failed(e);
      } catch (RuntimeException e) {
        // A source that is just leaving, or an answer that nobody has thought of: the next look may go well.
        LOG.warn("The node's status could not be told to the API server, which is tried again.", e);
      }
      if (changed.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        Thread.sleep(GATHER);
        changed.drainPermits();
      }
    }
  }

  private void keepLease() throws InterruptedException {
    NodeLease object = new NodeLease(requests, server.nodeName(), InstantSource.system(), () -> times);
    Outage outage = new Outage("The node's lease");
    renewFromBefore(object);
    while (true) {
      long began = System.nanoTime();
      renew(object, outage);
      Duration left = jittered(times.renewal()).minusNanos(System.nanoTime() - began);
      if (left.isPositive()) {
        Thread.sleep(left);
      }
    }
  }

  /**
   * A node that was there before lives on from now on, and not only when it is known what it is like, which takes the
   * longer the more pods it has to look after. If nobody ever says that, it does not live.
   */
  private void renewFromBefore(NodeLease object) throws InterruptedException {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(7));
    long began = System.nanoTime();
    long next = began;
    while (uid.isEmpty()) {
      if (System.nanoTime() - next >= 0 && next - began < UNKNOWN_LIMIT.toNanos()) {
        Duration wait = times.renewal();
        try {
          object.renewFromBefore();
        } catch (IOException e) {
          wait = backoff.next(e);
          LOG.debug("The lease from before is not renewed yet: {}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.warn("The lease from before is not renewed yet.", e);
        }
        next = System.nanoTime() + wait.toNanos();
      }
      Thread.sleep(GATHER);
    }
  }

  /** Tries up to five times before the next regular time. */
  private void renew(NodeLease object, Outage outage) throws InterruptedException {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(7));
    for (int attempt = 0; attempt < LEASE_TRIES; attempt++) {
      try {
        object.renew(uid);
        outage.over();
        return;
      } catch (IOException e) {
        outage.failed(e);
        Thread.sleep(backoff.next(e));
      } catch (RuntimeException e) {
        LOG.warn("The node's lease could not be renewed, which is tried again.", e);
        return;
      }
    }
  }

  private static Duration jittered(Duration period) {
    return period.plusMillis((long) (period.toMillis() * JITTER * ThreadLocalRandom.current().nextDouble()));
  }
}
