package io.bundlet.testkit.cluster;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Stands between a node and the API server, in the name of the one for the other, and spoils what it is told to: nobody
 * listens, watches are cut, answers come late, in part or are refusals. Its methods may be called by any thread.
 */
public final class FaultProxy implements AutoCloseable {
  /** A request of the node. */
  public record Call(Instant at, String method, URI uri) {
    /** Whether it is a watch. */
    public boolean watch() {
      return uri.getQuery() != null && uri.getQuery().contains("watch=true");
    }

    @Override
    public String toString() {
      return at + " " + method + " " + uri;
    }
  }

  /** What is done with a request. */
  public sealed interface Act {}

  /** The API server's answer, after a while. */
  public record Pass(Duration after) implements Act {
    public static final Pass AT_ONCE = new Pass(Duration.ZERO);
  }

  /** A refusal, which the API server never hears of. @param retryAfter in seconds; 0 for none */
  public record Refuse(int code, int retryAfter) implements Act {}

  /** The first half of the API server's answer, and then the connection's end. */
  public record Half() implements Act {}

  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "host", "upgrade", "transfer-encoding", "http2-settings", "expect");
  private static final int LIMIT = 4096;

  private final URI server;
  private final SSLContext serving;
  private final HttpClient asNode;
  private final HttpClient asItself;
  private final int port;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Set<HttpExchange> watches = ConcurrentHashMap.newKeySet();
  private volatile Function<Call, Act> fault = call -> Pass.AT_ONCE;
  private HttpsServer listener;

  /** Begins, and passes everything. */
  public FaultProxy(ControlPlane plane) throws IOException {
    server = plane.server();
    serving = Tls.context(plane.authority(), Optional.of(plane.serving()));
    asNode = HttpClient.newBuilder().sslContext(Tls.context(plane.authority(), Optional.of(plane.frontProxy())))
        .build();
    asItself = HttpClient.newBuilder().sslContext(Tls.context(plane.authority(), Optional.empty())).build();
    listener = listen(0);
    port = listener.getAddress().getPort();
  }

  private HttpsServer listen(int at) throws IOException {
    HttpsServer made = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 50);
    made.setHttpsConfigurator(new HttpsConfigurator(serving) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
        wanted.setWantClientAuth(true);
        parameters.setSSLParameters(wanted);
      }
    });
    made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    made.createContext("/", this::serve);
    made.start();
    return made;
  }

  /** What the node takes for the API server. */
  public URI uri() {
    return URI.create("https://127.0.0.1:" + port);
  }

  /** What is done with each request from now on. */
  public void fault(Function<Call, Act> what) {
    fault = what;
  }

  /** Passes everything again. */
  public void heal() {
    fault = call -> Pass.AT_ONCE;
  }

  /** Ends all connections, and nobody listens any more. */
  public synchronized void down() {
    if (listener != null) {
      listener.stop(0);
      listener = null;
      watches.clear();
    }
  }

  /** Listens again. */
  public synchronized void up() throws IOException {
    if (listener == null) {
      listener = listen(port);
    }
  }

  /** Ends the connections of all watches in the middle. */
  public void cutWatches() {
    watches.forEach(HttpExchange::close);
  }

  /** All requests so far, those that were refused too. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private void serve(HttpExchange exchange) throws IOException {
    Call call = new Call(Instant.now(), exchange.getRequestMethod(), exchange.getRequestURI());
    calls.add(call);
    Act act = fault.apply(call);
    try (exchange) {
      switch (act) {
        case Refuse refuse -> refuse(exchange, refuse);
        case Half half -> pass(exchange, call, true);
        case Pass pass -> {
          LockSupport.parkNanos(pass.after().toNanos());
          pass(exchange, call, false);
        }
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    } finally {
      watches.remove(exchange);
    }
  }

  private static void refuse(HttpExchange exchange, Refuse refuse) throws IOException {
    if (refuse.retryAfter() > 0) {
      exchange.getResponseHeaders().set("Retry-After", "" + refuse.retryAfter());
    }
    byte[] body = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"a fault\",\"code\":"
        + refuse.code() + "}").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(refuse.code(), body.length);
    exchange.getResponseBody().write(body);
  }

  private void pass(HttpExchange exchange, Call call, boolean half) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(call.uri()))
        .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange.getRequestHeaders().forEach((name, values) -> {
      if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> request.header(name, value));
      }
    });
    HttpClient client = named(exchange, request) ? asNode : asItself;
    HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      Headers headers = exchange.getResponseHeaders();
      answer.headers().map().forEach((name, values) -> {
        if (!name.startsWith(":") && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
          headers.put(name, values);
        }
      });
      if (call.watch()) {
        watches.add(exchange);
      }
      if (half) {
        byte[] all = in.readNBytes(LIMIT);
        exchange.sendResponseHeaders(answer.statusCode(), all.length + 1);
        exchange.getResponseBody().write(all, 0, all.length / 2);
        exchange.getResponseBody().flush();
        return;
      }
      // a watch that ends before its length is seen to be cut, and not to be over
      exchange.sendResponseHeaders(answer.statusCode(), call.watch() ? Long.MAX_VALUE : 0);
      OutputStream out = exchange.getResponseBody();
      out.flush(); // that a watch has begun is known before anything happens
      byte[] buffer = new byte[LIMIT];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
    }
  }

  /** Tells the API server whom the request comes from, as a front proxy does, if it came with a certificate. */
  private static boolean named(HttpExchange exchange, HttpRequest.Builder request) throws IOException {
    try {
      String subject = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
      for (Rdn part : new LdapName(subject).getRdns()) {
        switch (part.getType()) {
          case "CN" -> request.header("X-Remote-User", part.getValue().toString());
          case "O" -> request.header("X-Remote-Group", part.getValue().toString());
          default -> { }
        }
      }
      request.header("X-Remote-Group", "system:authenticated");
      return true;
    } catch (SSLPeerUnverifiedException anonymous) {
      return false;
    } catch (InvalidNameException strange) {
      throw new IOException(strange);
    }
  }

  @Override
  public void close() {
    down();
    asNode.shutdownNow();
    asItself.shutdownNow();
  }
}
