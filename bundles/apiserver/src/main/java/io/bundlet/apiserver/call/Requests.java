package io.bundlet.apiserver.call;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Sends one request at a time for each caller and repeats none. May be used by any thread; all calls block, and an
 * interrupt ends them. Paths begin with a slash and are those below the server's address.
 */
public final class Requests {
  /** A body that is merged into an object as its schema has it. */
  public static final String STRATEGIC_MERGE = "application/strategic-merge-patch+json";
  private static final String JSON = "application/json";

  /** For the answer's beginning; below {@link #LIMIT}, so that it is the connection that is found out to be silent. */
  private static final Duration BEGINNING = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LARGEST = 64 << 20;
  private static final int LARGEST_REFUSAL = 1 << 20;

  private final Supplier<KubernetesClient> clients;
  private final Duration beginning;

  /** @param clients gives the client, which is first asked for when the first request is made */
  public Requests(Supplier<KubernetesClient> clients) {
    this(clients, BEGINNING);
  }

  Requests(Supplier<KubernetesClient> clients, Duration beginning) {
    this.clients = clients;
    this.beginning = beginning;
  }

  /** How this server's JSON is read and written. */
  public Json json() {
    return new Json(clients.get().getKubernetesSerialization());
  }

  /**
   * Reads an object or a list.
   *
   * @throws ServerFailure when the server refuses
   * @throws IOException when there is no whole answer
   */
  public Map<String, Object> get(String path) throws IOException, InterruptedException {
    return answer(request("GET", path, null, null));
  }

  /** Makes an object, and answers with it; otherwise like {@link #get}. */
  public Map<String, Object> post(String path, Object tree) throws IOException, InterruptedException {
    return answer(request("POST", path, JSON, json().text(tree)));
  }

  /** Changes an object by a strategic merge, and answers with what it is now; otherwise like {@link #get}. */
  public Map<String, Object> patch(String path, Object tree) throws IOException, InterruptedException {
    return answer(request("PATCH", path, STRATEGIC_MERGE, json().text(tree)));
  }

  /** Deletes the object of this uid at once, and no other of its name; otherwise like {@link #get}. */
  public void delete(String path, String uid) throws IOException, InterruptedException {
    answer(request("DELETE", path, JSON, json().text(Map.of("kind", "DeleteOptions", "apiVersion", "v1",
        "gracePeriodSeconds", 0, "preconditions", Map.of("uid", uid)))));
  }

  /**
   * Opens an answer that goes on and on.
   *
   * @throws ServerFailure when the server refuses
   */
  public Lines open(String path) throws IOException, InterruptedException {
    Body body = new Body();
    HttpResponse<AsyncBody> response = send(request("GET", path, null, null), body);
    if (!response.isSuccessful()) {
      throw refusal(response, body);
    }
    return new Lines(body, json());
  }

  /** One value of a path or query. */
  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest request(String method, String path, String contentType, String body) {
    KubernetesClient client = clients.get();
    String base = client.getMasterUrl().toString();
    String whole = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    HttpRequest.Builder builder = client.getHttpClient().newHttpRequestBuilder().uri(whole).header("Accept", JSON)
        .timeout(beginning.toMillis(), TimeUnit.MILLISECONDS);
    return builder.method(method, contentType, body).build();
  }

  private Map<String, Object> answer(HttpRequest request) throws IOException, InterruptedException {
    try (Body body = new Body()) {
      HttpResponse<AsyncBody> response = send(request, body);
      if (!response.isSuccessful()) {
        throw refusal(response, body);
      }
      return json().tree(body.whole(LARGEST, LIMIT));
    }
  }

  private HttpResponse<AsyncBody> send(HttpRequest request, Body body) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<AsyncBody>> future = begin(request, body);
    // also when nobody waits any more: an answer that nobody reads would hold its connection
    CompletableFuture<HttpResponse<AsyncBody>> begun = future.whenComplete((response, thrown) -> {
      if (response != null) {
        body.begins(response.body());
      }
    });
    try {
      return begun.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      abandon(future, body);
      throw e;
    } catch (TimeoutException e) {
      abandon(future, body);
      throw new InterruptedIOException("the server did not answer within " + LIMIT.toSeconds() + " s");
    } catch (ExecutionException e) {
      body.close();
      throw new IOException(cause(e), e);
    }
  }

  private CompletableFuture<HttpResponse<AsyncBody>> begin(HttpRequest request, Body body) throws IOException {
    try {
      return clients.get().getHttpClient().consumeBytes(request, body);
    } catch (RuntimeException e) {
      throw new IOException("the request could not be sent: " + cause(e), e);
    }
  }

  private static void abandon(CompletableFuture<?> future, Body body) {
    body.close();
    future.cancel(true);
  }

  private ServerFailure refusal(HttpResponse<AsyncBody> response, Body body) throws InterruptedException {
    String message = "";
    try (body) {
      message = Trees.text(json().tree(body.whole(LARGEST_REFUSAL, Duration.ofSeconds(10))), "message");
    } catch (IOException unreadable) {
      // the code says enough; bodies of proxies are not for people
      message = "";
    }
    String text = "HTTP " + response.code() + (message.isEmpty() ? "" : ": " + Json.shortened(message, 500));
    return new ServerFailure(response.code(), retryAfter(response), text);
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    String value = response.header("Retry-After");
    try {
      long seconds = value == null ? 0 : Long.parseLong(value.strip());
      return Duration.ofSeconds(Math.clamp(seconds, 0, Backoff.LONGEST_ASKED.toSeconds()));
    } catch (NumberFormatException date) {
      return Duration.ZERO;
    }
  }

  /** What is at the bottom of it, in words. */
  static String cause(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof ExecutionException || inner instanceof CompletionException) && inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return inner.getClass().getSimpleName() + (message == null ? "" : ": " + Json.shortened(message, 300));
  }
}
