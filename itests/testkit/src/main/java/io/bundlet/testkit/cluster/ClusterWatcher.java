package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Keeps every update of every pod, node and lease of nodes from its beginning on. Watches that break go on where they
 * were, or with a list when the API server has been away; what came and went meanwhile is then not seen. Its questions
 * may be asked by any thread at any time.
 */
public final class ClusterWatcher implements AutoCloseable {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

  /** What is watched. */
  public enum Kind {
    PODS("/api/v1/pods"), NODES("/api/v1/nodes"),
    LEASES("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases");

    private final String path;

    Kind(String path) {
      this.path = path;
    }
  }

  /**
   * One update.
   *
   * @param at when it came here
   * @param type ADDED, MODIFIED or DELETED
   */
  public record Update(Instant at, Kind kind, String type, JsonNode object) {
    public String name() {
      return object.path("metadata").path("name").asString("");
    }

    public String uid() {
      return object.path("metadata").path("uid").asString("");
    }

    public String phase() {
      return object.path("status").path("phase").asString("");
    }

    public JsonNode status() {
      return object.path("status");
    }

    /** The status of a condition; empty when it is not there. */
    public String condition(String type) {
      for (JsonNode condition : status().path("conditions")) {
        if (condition.path("type").asString("").equals(type)) {
          return condition.path("status").asString("");
        }
      }
      return "";
    }
  }

  private final ApiClient client;
  private final List<Update> updates = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** Begins. What is there already comes as ADDED. */
  public ClusterWatcher(ApiClient client) throws IOException {
    this.client = client;
    for (Kind kind : Kind.values()) {
      String from = list(kind);
      threads.add(Thread.ofVirtual().name("watch-" + kind).start(() -> run(kind, from)));
    }
  }

  private void run(Kind kind, String from) {
    String[] version = {from};
    while (!closed) {
      try {
        if (version[0].isEmpty()) {
          version[0] = list(kind);
        }
        client.watch(kind.path + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=1800&resourceVersion="
            + version[0], event -> take(kind, event, version));
      } catch (IOException | RuntimeException broken) {
        LockSupport.parkNanos(PAUSE); // until the API server is back
      }
    }
  }

  /** Takes in how everything is now. @return from where to watch */
  private String list(Kind kind) throws IOException {
    Map<String, Update> known = new LinkedHashMap<>();
    of(kind).forEach(update -> known.put(update.uid(), update));
    known.values().removeIf(update -> update.type().equals("DELETED"));
    JsonNode list = client.get(kind.path);
    for (JsonNode item : list.path("items")) {
      Update before = known.remove(item.path("metadata").path("uid").asString(""));
      if (before == null || !version(before.object()).equals(version(item))) {
        updates.add(new Update(Instant.now(), kind, before == null ? "ADDED" : "MODIFIED", item));
      }
    }
    known.values().forEach(gone -> updates.add(new Update(Instant.now(), kind, "DELETED", gone.object())));
    return version(list);
  }

  private boolean take(Kind kind, JsonNode event, String[] version) {
    String type = event.path("type").asString("");
    JsonNode object = event.path("object");
    if (type.equals("ERROR")) {
      version[0] = ""; // an API server that has just started does not know what was before
      return false;
    }
    version[0] = version(object);
    if (!type.equals("BOOKMARK")) {
      updates.add(new Update(Instant.now(), kind, type, object));
    }
    return !closed;
  }

  private static String version(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asString("");
  }

  /** All of one kind, in their order. */
  public List<Update> of(Kind kind) {
    return updates.stream().filter(update -> update.kind() == kind).toList();
  }

  /** All of the objects of that name, in their order; with pods, of all that were ever called so. */
  public List<Update> of(Kind kind, String name) {
    return updates.stream().filter(update -> update.kind() == kind && update.name().equals(name)).toList();
  }

  /** What a pod, node or lease is now; empty when it is gone or never was. */
  public Optional<Update> latest(Kind kind, String name) {
    List<Update> all = of(kind, name);
    return all.isEmpty() || all.getLast().type().equals("DELETED") ? Optional.empty() : Optional.of(all.getLast());
  }

  /** The lives of the pods, by uid, in the order of their beginnings. */
  public Map<String, List<Update>> pods() {
    Map<String, List<Update>> lives = new LinkedHashMap<>();
    for (Update update : of(Kind.PODS)) {
      lives.computeIfAbsent(update.uid(), any -> new ArrayList<>()).add(update);
    }
    return lives;
  }

  /** The pods that are there now. */
  public List<Update> living() {
    return pods().values().stream().map(List::getLast).filter(update -> !update.type().equals("DELETED")).toList();
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
