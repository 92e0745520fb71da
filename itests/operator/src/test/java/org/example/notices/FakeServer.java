package org.example.notices;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** An API server that has what a test puts there, answers changes as it is told to, and notes them. */
final class FakeServer implements AutoCloseable {
  /** What a test says to one request. */
  record Answer(int code, String body) {}

  /** All requests but those that only read: method, path, body. */
  final List<String> changes = new CopyOnWriteArrayList<>();
  /** By path: what GET answers. */
  final Map<String, String> objects = new ConcurrentHashMap<>();
  /** By method and path: what is answered once. */
  final Map<String, Answer> answers = new ConcurrentHashMap<>();
  /** Requests wait for it, if there is one. */
  volatile CountDownLatch held;
  volatile boolean asked;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  final KubernetesClient client;

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
    Config config = new ConfigBuilder(Config.empty()).withAutoConfigure(false).withRequestRetryBackoffLimit(0)
        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort()).build();
    client = new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(new JdkHttpClientFactory())
        .withKubernetesSerialization(new KubernetesSerialization(JsonMapper.builder().build(), false)).build();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked = true;
      CountDownLatch wait = held;
      if (wait != null) {
        wait.await();
      }
      String path = exchange.getRequestURI().getPath();
      String line = exchange.getRequestMethod() + " " + path;
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (!exchange.getRequestMethod().equals("GET")) {
        changes.add((line + " " + body).strip());
      }
      Answer said = answers.remove(line);
      String there = objects.get(path);
      if (said != null) {
        send(exchange, said.code(), said.body());
      } else if (exchange.getRequestMethod().equals("GET") && there == null) {
        send(exchange, 404, "{\"kind\": \"Status\", \"code\": 404, \"message\": \"not found\"}");
      } else {
        send(exchange, 200, there == null ? body : there);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int code, String body) throws IOException {
    byte[] text = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, text.length);
    exchange.getResponseBody().write(text);
  }

  /** A refusal with a reason. */
  static Answer refusal(int code, String message) {
    return new Answer(code, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": %d, \"message\": \"%s\"}"
        .formatted(code, message));
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
