package io.bundlet.wasi.http;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.http.Responses.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Goes to the network. Redirects are followed here, not by the JDK's client, as each of them has to be allowed. Any
 * thread; blocks for the limits' time at most, and an interrupt ends it at once.
 */
final class Client implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 10;

  private final Places places;
  private HttpClient client;
  private boolean closed;

  /** @param places that requests take while they are under way */
  Client(Places places) {
    this.places = places;
  }

  /** Reads a request from its guest and checks its destination. */
  @FunctionalInterface
  interface Source {
    Request read() throws Refused, GuestTrap;
  }

  /** What was answered. */
  record Answer(int status, Response response) {}

  /**
   * Sends a request, and what it leads to. The request is read when there is a place for it: who waits holds nothing.
   *
   * @param pod whose it is
   * @param share that counts the bytes of answers; those of the last one stay in it
   */
  Answer send(PodId pod, Source first, Destinations destinations, Limits limits, HeldBytes.Share share)
      throws Refused, GuestTrap {
    long end = System.nanoTime() + limits.time().toNanos();
    try {
      return places.in(pod, end, () -> follow(first.read(), destinations, limits, share, end));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GuestTrap.killed("interrupted while it waited for an answer over HTTP");
    }
  }

  private Answer follow(Request first, Destinations destinations, Limits limits, HeldBytes.Share share, long end)
      throws Refused, InterruptedException {
    Request request = first;
    for (int redirects = 0; ; redirects++) {
      HttpResponse<byte[]> answer = exchange(request.toSend(), limits, share, end);
      Optional<URI> next = target(request.url(), answer);
      if (next.isEmpty()) {
        return new Answer(answer.statusCode(), new Response(headers(answer), ByteBuffer.wrap(answer.body())));
      }
      if (redirects == MOST_REDIRECTS) {
        throw Code.REQUEST.because("more than " + MOST_REDIRECTS + " redirects");
      }
      destinations.require(next.get());
      request = request.redirected(answer.statusCode(), next.get());
      share.give(answer.body().length);
    }
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, Limits limits, HeldBytes.Share share, long end)
      throws Refused, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client().sendAsync(request, head -> new BoundedBody(limits.responseBytes(), share));
    try {
      return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Code.REQUEST.because("no whole answer within " + limits.time());
    } catch (ExecutionException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof Refused refused) {
          throw refused;
        }
      }
      throw Code.REQUEST.because(e.getCause().toString());
    } finally {
      // does nothing to one that has come to its end
      answer.cancel(true);
    }
  }

  /** Where a redirect leads; one without a place to go is an answer as any other. */
  private static Optional<URI> target(URI from, HttpResponse<byte[]> answer) throws Refused {
    if (!REDIRECTS.contains(answer.statusCode())) {
      return Optional.empty();
    }
    Optional<String> location = answer.headers().firstValue("location");
    if (location.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Destinations.url(from.resolve(location.get()).toString()));
    } catch (IllegalArgumentException e) {
      throw Code.REQUEST.because("a redirect to what is no URL");
    }
  }

  private static List<Map.Entry<String, String>> headers(HttpResponse<byte[]> answer) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    answer.headers().map().forEach(
        (name, values) -> values.forEach(value -> headers.add(Map.entry(name.toLowerCase(Locale.ROOT), value))));
    return List.copyOf(headers);
  }

  /** Made when it is first needed: it has threads and opens a selector. */
  private synchronized HttpClient client() throws Refused {
    if (closed) {
      throw Code.REQUEST.because("this bundle is being stopped");
    }
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .version(HttpClient.Version.HTTP_1_1)
              .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("wasi-http ", 0).factory()))
              .build();
    }
    return client;
  }

  /** Ends all requests that are under way. */
  @Override
  public void close() {
    HttpClient open;
    synchronized (this) {
      closed = true;
      open = client;
      client = null;
    }
    if (open != null) {
      open.shutdownNow();
    }
  }
}
