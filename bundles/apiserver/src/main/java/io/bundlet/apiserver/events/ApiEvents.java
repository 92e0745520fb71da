package io.bundlet.apiserver.events;

import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.kubernetes.EventRecorder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events with one virtual thread of its own. While the server is away those that came first wait, and those that
 * find no more room are dropped and counted in the log.
 */
@Component(service = EventRecorder.class)
public final class ApiEvents implements EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(ApiEvents.class);
  private static final int MOST_WAITING = 1000;
  /** The longest message that servers take. */
  private static final int LONGEST = 1024;
  private static final int TRIES = 12;

  private final BlockingQueue<Happening> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong(System.currentTimeMillis() * 1_000_000);
  private final Correlation correlation = new Correlation();
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  private final Requests requests;
  private final String nodeName;
  private final Thread thread;

  /** Starts its thread; returns at once. */
  @Activate
  public ApiEvents(@Reference ApiServer api) {
    requests = new Requests(api::client);
    nodeName = api.nodeName();
    thread = Thread.ofVirtual().name("events").start(this::run);
  }

  @Deactivate
  void stop() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void event(ObjectReference about, String type, String reason, String message) {
    String shortened = message.length() > LONGEST ? message.substring(0, LONGEST - 3) + "..." : message;
    boolean room = waiting.offer(new Happening(
        about, type, reason, shortened, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    if (!room && dropped.getAndIncrement() == 0) {
      LOG.warn("Events are dropped, because {} wait for the API server.", MOST_WAITING);
    }
  }

  private void run() {
    try {
      while (true) {
        Optional<Happening> next = correlation.admit(waiting.take());
        if (next.isPresent()) {
          write(next.get());
        }
        if (waiting.isEmpty() && dropped.get() > 0) {
          LOG.warn("{} events were dropped.", dropped.getAndSet(0));
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Events are not written any more; {} are left.", waiting.size());
    }
  }

  private void write(Happening happening) throws InterruptedException {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        once(happening);
        backoff.reset();
        return;
      } catch (ServerFailure e) {
        if (!e.passing()) {
          // such as of a namespace that is just being deleted
          LOG.debug("The API server does not take event {} of {}: {}", happening.reason(),
              happening.about().getName(), e.getMessage());
          return;
        }
        Thread.sleep(backoff.next(e));
      } catch (IOException e) {
        Thread.sleep(backoff.next(e));
      } catch (RuntimeException e) {
        LOG.error("Event {} could not be written.", happening.reason(), e);
        return;
      }
    }
    LOG.warn("Event {} of {} is dropped after {} tries.", happening.reason(), happening.about().getName(), TRIES);
  }

  private void once(Happening happening) throws IOException, InterruptedException {
    Optional<Correlation.Written> before = correlation.before(happening);
    if (before.isPresent()) {
      Correlation.Written event = before.get();
      try {
        requests.patch(path(happening) + "/" + Requests.encoded(event.name), Map.of("count", event.count + 1,
            "lastTimestamp", happening.at().toString(), "message", happening.message()));
        event.count++;
        return;
      } catch (ServerFailure e) {
        if (!e.absent()) {
          throw e;
        }
        correlation.forget(happening); // servers keep events for an hour
      }
    }
    String name = name(happening);
    requests.post(path(happening), tree(happening, name));
    correlation.wrote(happening, new Correlation.Written(name, happening.at()));
  }

  private String name(Happening happening) {
    String base = happening.about().getName();
    return (base.length() > 230 ? base.substring(0, 230) : base) + "." + Long.toHexString(numbers.incrementAndGet());
  }

  private static String namespace(Happening happening) {
    String namespace = happening.about().getNamespace();
    return namespace == null || namespace.isEmpty() ? "default" : namespace;
  }

  private static String path(Happening happening) {
    return "/api/v1/namespaces/" + Requests.encoded(namespace(happening)) + "/events";
  }

  private Map<String, Object> tree(Happening happening, String name) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("apiVersion", "v1");
    tree.put("kind", "Event");
    tree.put("metadata", Map.of("namespace", namespace(happening), "name", name));
    tree.put("involvedObject", requests.json().tree(happening.about()));
    tree.put("type", happening.type());
    tree.put("reason", happening.reason());
    tree.put("message", happening.message());
    tree.put("source", Map.of("component", "kubelet", "host", nodeName));
    tree.put("reportingComponent", "kubelet");
    tree.put("reportingInstance", nodeName);
    tree.put("firstTimestamp", happening.at().toString());
    tree.put("lastTimestamp", happening.at().toString());
    tree.put("count", 1);
    return tree;
  }
}
