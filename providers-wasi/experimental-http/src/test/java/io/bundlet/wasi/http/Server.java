package io.bundlet.wasi.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server on 127.0.0.1 that writes down what it is asked. */
final class Server implements AutoCloseable {
  /** What it is to do with a request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /** A request as it came. */
  record Seen(String method, String path, Map<String, List<String>> headers, String body) {}

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final CountDownLatch released = new CountDownLatch(1);
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final java.util.concurrent.ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Server() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().toString();
      seen.add(new Seen(exchange.getRequestMethod(), path, exchange.getRequestHeaders(), body));
      answers.getOrDefault(path, other -> other.sendResponseHeaders(404, -1)).to(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Server answer(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  Server text(String path, int status, String text) {
    return answer(path, exchange -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    });
  }

  Server redirect(String path, int status, String to) {
    return answer(path, exchange -> {
      exchange.getResponseHeaders().add("Location", to);
      exchange.sendResponseHeaders(status, -1);
    });
  }

  /** Never answers, until the server is closed. */
  Server silent(String path) {
    return answer(path, exchange -> released.await(10, TimeUnit.MINUTES));
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** The same server by another name. */
  String named(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
