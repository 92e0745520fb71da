package io.bundlet.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An API server of which a test says what it answers. Notes each request. */
public final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Answers answers = request -> new Answer(404, "{}");

  /** What came. */
  public record Request(String method, String path, String query, String authorization, String type, String body) {
    public String line() {
      return method + " " + path;
    }
  }

  /** What goes back. */
  public record Answer(int code, String body) {}

  /** Says what to answer; may block. */
  public interface Answers {
    Answer to(Request request) throws InterruptedException;
  }

  public FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(),
          String.valueOf(exchange.getRequestURI().getQuery()),
          String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
          String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      requests.add(request);
      Answer answer = answers.to(request);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.code(), body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public void answers(Answers next) {
    answers = next;
  }

  public List<Request> requests() {
    return requests;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Writes a kubeconfig for this server. */
  public Path kubeconfig(Path file, String user) throws IOException {
    return Files.writeString(file, """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: %s}]
        """.formatted(uri(), user));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
