package io.bundlet.apiserver.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Json;
import io.bundlet.apiserver.call.Trees;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/**
 * An API server of a few kinds that keeps objects, lists, watches with bookmarks, merges patches, and does wrong when
 * it is told to. Everything that it is asked stands in {@link #asked}.
 */
public final class FakeApi implements ApiServer, AutoCloseable {
  /** The name of the node. */
  public static final String NODE = "node-1";

  private static final Map<String, String> KINDS = Map.of("pods", "Pod", "services", "Service", "configmaps",
      "ConfigMap", "secrets", "Secret", "runtimeclasses", "RuntimeClass", "events", "Event", "nodes", "Node",
      "leases", "Lease");

  /** Wrong for once. @param matches method, blank, path with query */
  private record Fault(Predicate<String> matches, int code, Map<String, String> headers, String body, boolean cut) {}

  /** Method and path with query of all requests. */
  public final List<String> asked = new CopyOnWriteArrayList<>();
  /** Bodies of requests that have one, by the same order. */
  public final List<String> bodies = new CopyOnWriteArrayList<>();

  private final KubernetesSerialization serialization =
      new KubernetesSerialization(JsonMapper.builder().build(), false);
  private final Json json = new Json(serialization);
  private final ApiStore store = new ApiStore();
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Set<HttpExchange> watches = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final KubernetesClient client;
  private volatile boolean away;
  private volatile boolean silent;
  private volatile boolean closed;

  /** Starts on a free port. */
  public FakeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
    Config config = new ConfigBuilder(Config.empty()).withAutoConfigure(false).withRequestRetryBackoffLimit(0)
        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort()).build();
    client = new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(new JdkHttpClientFactory())
        .withKubernetesSerialization(serialization).build();
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public String nodeName() {
    return NODE;
  }

  /** Between trees and models. */
  public Json json() {
    return json;
  }

  /** Puts an object, as a model or a tree, at a path. */
  public Map<String, Object> put(String path, Object object) {
    return store.put(path, json.tree(object));
  }

  /** What stands at a path; null: nothing. */
  public Map<String, Object> get(String path) {
    return store.get(path);
  }

  /** Removes what stands at a path. */
  public void remove(String path) {
    store.remove(path);
  }

  /** The next request of these is answered so. */
  public void fault(String startsWith, int code, Map<String, String> headers, String body) {
    faults.add(new Fault(line -> line.startsWith(startsWith), code, headers, body, false));
  }

  /** The next request of these gets half an answer. */
  public void half(String startsWith) {
    faults.add(new Fault(line -> line.startsWith(startsWith), 200, Map.of(), "{\"kind\":\"PodLi", true));
  }

  /** Whether all faults were met. */
  public boolean faultsMet() {
    return faults.isEmpty();
  }

  /** Ends all watches in the middle. */
  public void cutWatches() {
    watches.forEach(watch -> {
      watches.remove(watch);
      watch.close();
    });
  }

  /** Forgets what was: watches from before are 410. */
  public void forget() {
    store.forget();
  }

  /** Answers nobody any more, or again. */
  public void away(boolean now) {
    away = now;
    if (now) {
      cutWatches();
    }
  }

  /** Takes requests and answers none, or does so again. */
  public void silent(boolean now) {
    silent = now;
  }

  /** How many watches are open. */
  public int watches() {
    return watches.size();
  }

  /** How many requests begin like this. */
  public long count(String startsWith) {
    return asked.stream().filter(line -> line.startsWith(startsWith)).count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      byte[] body = exchange.getRequestBody().readAllBytes();
      note(line, new String(body, StandardCharsets.UTF_8));
      if (away) {
        return;
      }
      while (silent && !closed) {
        LockSupport.parkNanos(1_000_000);
      }
      for (Fault fault : faults) {
        if (fault.matches().test(line) && faults.remove(fault)) {
          fail(exchange, fault);
          return;
        }
      }
      answer(exchange, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Who sees a line sees its body; whether it has had its effect yet is not said. */
  private synchronized void note(String line, String body) {
    bodies.add(body);
    asked.add(line);
  }

  private static void fail(HttpExchange exchange, Fault fault) throws IOException {
    byte[] text = fault.body().getBytes(StandardCharsets.UTF_8);
    fault.headers().forEach(exchange.getResponseHeaders()::add);
    exchange.sendResponseHeaders(fault.code(), fault.cut() ? text.length + 100 : text.length);
    exchange.getResponseBody().write(text);
    exchange.getResponseBody().flush();
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    Map<String, String> query = query(exchange.getRequestURI().getQuery());
    String last = path.substring(path.lastIndexOf('/') + 1);
    switch (exchange.getRequestMethod()) {
      case "GET" -> {
        if (query.containsKey("watch")) {
          watch(exchange, path, query);
        } else if (KINDS.containsKey(last)) {
          list(exchange, path, query);
        } else {
          found(exchange, store.get(path));
        }
      }
      case "POST" -> post(exchange, path, json.tree(body));
      case "PATCH" -> patch(exchange, path, json.tree(body));
      case "DELETE" -> delete(exchange, path, json.tree(body));
      default -> status(exchange, 405, "no");
    }
  }

  private void list(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
    String kind = KINDS.get(path.substring(path.lastIndexOf('/') + 1));
    List<Map<String, Object>> items = store.list(path).stream().filter(object -> selected(object, query)).toList();
    send(exchange, 200, Map.of("kind", kind + "List", "apiVersion", "v1",
        "metadata", Map.of("resourceVersion", Long.toString(store.version())), "items", items));
  }

  private void watch(HttpExchange exchange, String path, Map<String, String> query)
      throws IOException, InterruptedException {
    long since = Long.parseLong(query.get("resourceVersion"));
    exchange.sendResponseHeaders(200, 0);
    if (!store.knows(since)) {
      write(exchange, Map.of("type", "ERROR", "object", Map.of("kind", "Status", "code", 410, "message", "too old")));
      return;
    }
    write(exchange, Map.of("type", "BOOKMARK", "object",
        Map.of("metadata", Map.of("resourceVersion", Long.toString(since)))));
    watches.add(exchange);
    try {
      while (!closed && watches.contains(exchange)) {
        for (ApiStore.Change change : store.after(since, path, 20)) {
          since = change.version();
          if (selected(change.object(), query)) {
            write(exchange, Map.of("type", change.type(), "object", change.object()));
          }
        }
      }
    } finally {
      watches.remove(exchange);
    }
  }

  private static boolean selected(Map<String, Object> object, Map<String, String> query) {
    String[] selector = query.getOrDefault("fieldSelector", "").split("=", 2);
    return selector.length < 2 || Trees.text(object, selector[0].split("\\.")).equals(selector[1]);
  }

  private void post(HttpExchange exchange, String path, Map<String, Object> object) throws IOException {
    if (path.endsWith("/token")) {
      send(exchange, 201, Map.of("kind", "TokenRequest", "spec", Map.of("expirationSeconds", 1200),
          "status", Map.of("token", "the-token", "expirationTimestamp", "2030-01-01T00:00:00Z")));
      return;
    }
    String one = path + "/" + Trees.text(object, "metadata", "name");
    if (store.get(one) != null) {
      status(exchange, 409, "already exists");
      return;
    }
    send(exchange, 201, store.put(one, object));
  }

  private void patch(HttpExchange exchange, String path, Map<String, Object> patch) throws IOException {
    String one = path.endsWith("/status") ? path.substring(0, path.length() - "/status".length()) : path;
    Map<String, Object> before = store.get(one);
    if (before == null) {
      status(exchange, 404, "not found");
      return;
    }
    for (String field : List.of("uid", "resourceVersion")) {
      String expected = Trees.text(patch, "metadata", field);
      if (!expected.isEmpty() && !expected.equals(Trees.text(before, "metadata", field))) {
        status(exchange, 409, "the " + field + " is another");
        return;
      }
    }
    // A node's labels and annotations may ride along with its status.
    boolean whole = !path.endsWith("/status") || path.startsWith("/api/v1/nodes/");
    Map<String, Object> part = whole ? patch : Map.of("status", patch.get("status"));
    send(exchange, 200, store.put(one, StrategicMerge.merge(before, part)));
  }

  private void delete(HttpExchange exchange, String path, Map<String, Object> options) throws IOException {
    Map<String, Object> before = store.get(path);
    String uid = Trees.text(options, "preconditions", "uid");
    if (before != null && !uid.isEmpty() && !uid.equals(Trees.text(before, "metadata", "uid"))) {
      status(exchange, 409, "the uid is another");
      return;
    }
    found(exchange, store.remove(path));
  }

  private void found(HttpExchange exchange, Map<String, Object> object) throws IOException {
    if (object == null) {
      status(exchange, 404, "not found");
    } else {
      send(exchange, 200, object);
    }
  }

  private void status(HttpExchange exchange, int code, String message) throws IOException {
    send(exchange, code, Map.of("kind", "Status", "code", code, "message", message));
  }

  private void send(HttpExchange exchange, int code, Map<String, Object> tree) throws IOException {
    byte[] text = json.text(tree).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, text.length);
    exchange.getResponseBody().write(text);
  }

  private void write(HttpExchange exchange, Map<String, Object> tree) throws IOException {
    exchange.getResponseBody().write((json.text(tree) + "\n").getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private static Map<String, String> query(String query) {
    Map<String, String> values = new HashMap<>();
    for (String part : query == null ? new String[0] : query.split("&")) {
      String[] pair = part.split("=", 2);
      values.put(pair[0], pair.length > 1 ? pair[1] : "");
    }
    return new LinkedHashMap<>(values);
  }

  @Override
  public void close() {
    closed = true;
    cutWatches();
    client.close();
    server.stop(0);
    threads.close();
  }
}
