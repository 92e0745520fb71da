package io.bundlet.e2e.cluster;

import io.bundlet.testkit.cluster.ApiClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** Every update of the objects of one path since its beginning, as an administrator sees them. */
final class ObjectWatch implements AutoCloseable {
  /**
   * One update.
   *
   * @param type ADDED, MODIFIED or DELETED
   */
  record Update(Instant at, String type, JsonNode object) {
    String name() {
      return object.path("metadata").path("name").asString("");
    }

    String uid() {
      return object.path("metadata").path("uid").asString("");
    }
  }

  private final ApiClient client;
  private final String path;
  private final List<Update> updates = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile String version;
  private volatile boolean closed;

  /** Begins; what is there already comes as ADDED. */
  ObjectWatch(ApiClient client, String path) throws IOException {
    this.client = client;
    this.path = path;
    JsonNode list = client.get(path);
    list.path("items").forEach(item -> updates.add(new Update(Instant.now(), "ADDED", item)));
    version = list.path("metadata").path("resourceVersion").asString("");
    thread = Thread.ofVirtual().name("watch " + path).start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        client.watch(path + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + version, this::take);
      } catch (IOException | RuntimeException broken) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  private boolean take(JsonNode event) {
    String type = event.path("type").asString("");
    JsonNode object = event.path("object");
    if (!type.equals("BOOKMARK")) {
      updates.add(new Update(Instant.now(), type, object));
    }
    version = object.path("metadata").path("resourceVersion").asString("");
    return !closed;
  }

  /** All updates of the objects that were ever called so, in their order. */
  List<Update> of(String name) {
    return updates.stream().filter(each -> each.name().equals(name)).toList();
  }

  /** The object as it is now; empty when it is gone or never was. */
  Optional<JsonNode> latest(String name) {
    List<Update> all = of(name);
    return all.isEmpty() || all.getLast().type().equals("DELETED") ? Optional.empty()
        : Optional.of(all.getLast().object());
  }

  /** How many different objects were ever called so. */
  long lives(String name) {
    return of(name).stream().map(Update::uid).distinct().count();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
