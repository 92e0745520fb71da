package io.bundlet.apiserver.node;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the server's object of the node up to date, one step at a time; for one thread. Something is sent when the
 * node has changed, when somebody has changed what is ours, and every five minutes (shifted at random, so that the
 * nodes of a cluster do not report together).
 */
final class NodeStatus {
  private static final Logger LOG = LoggerFactory.getLogger(NodeStatus.class);
  private static final int CONFLICT = 409;

  private final Requests requests;
  private final String name;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Supplier<NodeTimes> times;
  /** What was sent last, and what the server has made of it: older servers leave out what they do not know. */
  private Object sent;
  private Object got;
  /** By the monotonic clock: one that is set back must not make the node silent. */
  private long next;

  /**
   * Nothing has been sent yet.
   *
   * @param nanos the monotonic clock, by which is waited; {@code clock} is for what is told
   * @param times after how long the same is said again, asked each time
   */
  NodeStatus(Requests requests, String name, InstantSource clock, LongSupplier nanos, Supplier<NodeTimes> times) {
    this.requests = requests;
    this.name = name;
    this.clock = clock;
    this.nanos = nanos;
    this.times = times;
    next = nanos.getAsLong();
  }

  /**
   * Looks at the server's object and sends what is necessary.
   *
   * @param ours how the node is
   * @return the uid of the server's object
   */
  String step(Map<String, Object> ours) throws IOException, InterruptedException {
    Map<String, Object> server = find();
    if (server == null) {
      server = create(ours);
    }
    Instant now = clock.instant();
    if (!NodeObject.essence(ours).equals(sent) || !Objects.equals(NodeObject.essence(server, ours), got)
        || nanos.getAsLong() - next >= 0) {
      server = requests.patch(path() + "/status", NodeObject.patch(ours, server, now));
      reported(ours, server);
    }
    return Trees.text(server, "metadata", "uid");
  }

  private String path() {
    return "/api/v1/nodes/" + name;
  }

  private Map<String, Object> find() throws IOException, InterruptedException {
    try {
      return requests.get(path());
    } catch (ServerFailure e) {
      if (e.code() == 404) {
        return null;
      }
      throw e;
    }
  }

  private Map<String, Object> create(Map<String, Object> ours) throws IOException, InterruptedException {
    Instant now = clock.instant();
    try {
      Map<String, Object> server = requests.post("/api/v1/nodes", NodeObject.created(ours, now));
      LOG.info("The node {} is registered.", name);
      reported(ours, server);
      return server;
    } catch (ServerFailure e) {
      // Made meanwhile, or the answer to our first try was lost.
      if (e.code() == CONFLICT) {
        return requests.get(path());
      }
      throw e;
    }
  }

  private void reported(Map<String, Object> ours, Map<String, Object> server) {
    Object essence = NodeObject.essence(ours);
    boolean changed = sent != null && !essence.equals(sent);
    sent = essence;
    got = NodeObject.essence(server, ours);
    next = nanos.getAsLong() + (changed ? shifted(times.get().report()) : times.get().report()).toNanos();
  }

  private static Duration shifted(Duration report) {
    long half = report.toMillis() / 2;
    return Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1));
  }
}
