package io.bundlet.apiserver.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the fake server has, by path, and what happened to it, by version. Under its own lock. */
final class ApiStore {
  /** One change. @param path of the object */
  record Change(long version, String type, String path, Map<String, Object> object) {}

  private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long version = 100;
  private long forgotten;

  synchronized long version() {
    return version;
  }

  synchronized Map<String, Object> get(String path) {
    return objects.get(path);
  }

  synchronized Map<String, Object> put(String path, Map<String, Object> object) {
    version++;
    Map<String, Object> stored = new LinkedHashMap<>(object);
    Map<String, Object> metadata = new LinkedHashMap<>(map(object, "metadata"));
    metadata.put("resourceVersion", Long.toString(version));
    metadata.putIfAbsent("uid", "uid-" + version);
    stored.put("metadata", metadata);
    changes.add(new Change(version, objects.containsKey(path) ? "MODIFIED" : "ADDED", path, stored));
    objects.put(path, stored);
    notifyAll();
    return stored;
  }

  synchronized Map<String, Object> remove(String path) {
    Map<String, Object> last = objects.remove(path);
    if (last != null) {
      version++;
      Map<String, Object> gone = new LinkedHashMap<>(last);
      Map<String, Object> metadata = new LinkedHashMap<>(map(last, "metadata"));
      metadata.put("resourceVersion", Long.toString(version));
      gone.put("metadata", metadata);
      changes.add(new Change(version, "DELETED", path, gone));
      notifyAll();
    }
    return last;
  }

  /** What came before now is not known any more. */
  synchronized void forget() {
    version++;
    forgotten = version;
    changes.clear();
  }

  synchronized boolean knows(long since) {
    return since >= forgotten;
  }

  synchronized List<Map<String, Object>> list(String collection) {
    return objects.entrySet().stream().filter(entry -> in(entry.getKey(), collection)).map(Map.Entry::getValue)
        .toList();
  }

  /** Changes after a version; waits for the first at most so long. */
  synchronized List<Change> after(long since, String collection, long millis) throws InterruptedException {
    List<Change> found = found(since, collection);
    if (found.isEmpty()) {
      wait(millis);
      found = found(since, collection);
    }
    return found;
  }

  private List<Change> found(long since, String collection) {
    return changes.stream().filter(change -> change.version() > since && in(change.path(), collection)).toList();
  }

  /** Whether an object is in a collection, which may be one of all namespaces. */
  private static boolean in(String path, String collection) {
    if (path.startsWith(collection + "/")) {
      return true;
    }
    int slash = collection.lastIndexOf('/');
    return path.startsWith(collection.substring(0, slash) + "/namespaces/")
        && path.split("/").length >= 2 && path.matches(".*/namespaces/[^/]+" + collection.substring(slash) + "/[^/]+");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Map<String, Object> tree, String field) {
    Object value = tree.get(field);
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
