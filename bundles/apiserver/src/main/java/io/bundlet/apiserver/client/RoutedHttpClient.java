package io.bundlet.apiserver.client;

import io.bundlet.apiserver.client.Connections.Way;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Sends each request, when its turn comes, over the connections that there are then. */
final class RoutedHttpClient
    extends StandardHttpClient<RoutedHttpClient, RoutedHttpClientFactory, RoutedHttpClientBuilder> {
  /** In place of the server's address, until a request leaves. */
  static final URI ANYWHERE = URI.create("https://api.server.invalid");

  private static final Duration BEGINNING = Duration.ofSeconds(10);
  private static final String AUTHORIZATION = "Authorization";

  private static final Pattern EVENTS = Pattern.compile("/api/v1/namespaces/[^/]+/events(/.*)?");

  private final Connections connections;

  RoutedHttpClient(RoutedHttpClientBuilder builder, AtomicBoolean closed, Connections connections) {
    super(builder, closed);
    this.connections = connections;
  }

  Connections connections() {
    return connections;
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    return turn(request.uri()).thenCompose(way -> {
      long began = System.nanoTime();
      StandardHttpRequest.Builder routed = request.newBuilder();
      routed.uri(address(way, request.uri()));
      if (request.getTimeout() == null || request.getTimeout().isZero()) {
        // For the answer's beginning; how long it may go on is the caller's business.
        routed.timeout(BEGINNING.toMillis(), TimeUnit.MILLISECONDS);
      }
      way.access().identity().authorization().ifPresent(header -> routed.setHeader(AUTHORIZATION, header));
      return way.transport().client().consumeBytesDirect(routed.build(), consumer)
          .whenComplete((response, failure) -> connections.ended(way, began, response, failure));
    });
  }

  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder builder, WebSocket.Listener listener) {
    return turn(builder.asHttpRequest().uri()).thenCompose(way -> {
      StandardWebSocketBuilder routed = builder.newBuilder();
      routed.uri(address(way, builder.asHttpRequest().uri()));
      way.access().identity().authorization().ifPresent(header -> routed.setHeader(AUTHORIZATION, header));
      return way.transport().client().buildWebSocketDirect(routed, listener);
    });
  }

  private CompletableFuture<Way> turn(URI uri) {
    Duration wait = connections.turn(uri.getRawPath());
    if (wait.isNegative()) {
      return CompletableFuture.failedFuture(new IOException(
          "there are more requests to the API server than its configured rate lets out within ten seconds"));
    }
    if (wait.isZero()) {
      return connections.way();
    }
    Executor later = CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS);
    return CompletableFuture.supplyAsync(connections::way, later).thenCompose(Function.identity());
  }

  private static URI address(Way way, URI uri) {
    return URI.create(way.access().server() + uri.toString().substring(ANYWHERE.toString().length()));
  }

  /** Connections are not this client's: derived clients share them. */
  @Override
  protected void doClose() {}
}
