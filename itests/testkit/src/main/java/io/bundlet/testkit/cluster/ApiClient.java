package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Asks an API server with a token, in JSON as it is. For several threads; each call blocks. */
public final class ApiClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();
  private static final YAMLMapper YAML = new YAMLMapper();
  /** What lies in no namespace, of the kinds that tests make. */
  private static final Set<String> CLUSTER_WIDE = Set.of(
      "Namespace", "Node", "RuntimeClass", "ClusterRole", "ClusterRoleBinding", "PriorityClass", "PersistentVolume",
      "CertificateSigningRequest", "CustomResourceDefinition");

  private final URI server;
  private final String token;
  private final HttpClient http;

  /** @param authority the certificate of who signed the server's */
  public ApiClient(URI server, Path authority, String token) throws IOException {
    this.server = server;
    this.token = token;
    this.http = HttpClient.newBuilder().sslContext(Tls.context(authority, Optional.empty())).connectTimeout(LIMIT)
        .build();
  }

  /** Over a connection that proves for us who we are. */
  ApiClient(URI proxy) {
    this.server = proxy;
    this.token = "";
    this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  }

  /** The answer to GET. @param path such as {@code /api/v1/nodes/a} @throws ApiException when it is refused */
  public JsonNode get(String path) throws IOException {
    return JSON.readTree(send("GET", path, null, null));
  }

  /** What is answered as text, such as by {@code /readyz}. */
  public String text(String path) throws IOException {
    return send("GET", path, null, null);
  }

  /** An object that may not be there. */
  public Optional<JsonNode> find(String path) throws IOException {
    try {
      return Optional.of(get(path));
    } catch (ApiException refused) {
      if (refused.code() == 404) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** The objects of a list. */
  public List<JsonNode> list(String path) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    get(path).path("items").forEach(items::add);
    return items;
  }

  /** Makes the objects of a YAML text, whose documents are parted by {@code ---}. @return as the server made them */
  public List<JsonNode> create(String yaml) throws IOException {
    List<JsonNode> made = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNext()) {
        JsonNode object = documents.next();
        made.add(JSON.readTree(send("POST", folder(object), "application/json", JSON.writeValueAsString(object))));
      }
    }
    return made;
  }

  /** Puts an object or one of its parts in the place of what is there. */
  public JsonNode replace(String path, JsonNode object) throws IOException {
    return JSON.readTree(send("PUT", path, "application/json", JSON.writeValueAsString(object)));
  }

  /** A JSON merge patch. @param yaml what is to be changed */
  public JsonNode patch(String path, String yaml) throws IOException {
    String body = JSON.writeValueAsString(YAML.readTree(yaml));
    return JSON.readTree(send("PATCH", path, "application/merge-patch+json", body));
  }

  /** DELETE; what is not there is no mistake. @param options such as {@code {gracePeriodSeconds: 0}}; may be empty */
  public void delete(String path, String options) throws IOException {
    try {
      send("DELETE", path, "application/json", options.isEmpty() ? null
          : JSON.writeValueAsString(YAML.readTree(options)));
    } catch (ApiException refused) {
      if (refused.code() != 404) {
        throw refused;
      }
    }
  }

  /**
   * Reads the events of a watch until the server ends it or {@code sink} says that it is enough.
   *
   * @param path with its query
   * @param sink gets {@code {type, object}}; whether to go on
   */
  public void watch(String path, Predicate<JsonNode> sink) throws IOException {
    HttpRequest request = request(path).GET().build();
    HttpResponse<Stream<String>> answer = exchange(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new ApiException(answer.statusCode(), path + ": " + String.join("", lines.toList()));
      }
      var each = lines.iterator();
      while (each.hasNext() && sink.test(JSON.readTree(each.next()))) {
        // the sink does it
      }
    } catch (UncheckedIOException broken) {
      throw broken.getCause();
    }
  }

  /** Where an object stands. */
  static String path(JsonNode object) {
    return path(object, object.path("apiVersion").asString(""), object.path("kind").asString(""));
  }

  /** Where an element of a list stands, which does not say of what kind it is. */
  static String path(JsonNode object, String version, String kind) {
    return folder(object, version, kind) + "/" + object.path("metadata").path("name").asString("");
  }

  private static String folder(JsonNode object) {
    return folder(object, object.path("apiVersion").asString(""), object.path("kind").asString(""));
  }

  private static String folder(JsonNode object, String version, String kind) {
    String plural = kind.toLowerCase(Locale.ROOT) + (kind.endsWith("s") ? "es" : "s");
    String root = version.contains("/") ? "/apis/" + version : "/api/" + version;
    if (CLUSTER_WIDE.contains(kind)) {
      return root + "/" + plural;
    }
    return root + "/namespaces/" + object.path("metadata").path("namespace").asString("default") + "/" + plural;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).header("Accept", "application/json");
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private String send(String method, String path, String type, String body) throws IOException {
    HttpRequest.Builder request = request(path).timeout(LIMIT).method(method, body == null
        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", type);
    }
    if (path.endsWith("z")) {
      request.setHeader("Accept", "*/*");
    }
    HttpResponse<String> answer = exchange(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new ApiException(answer.statusCode(), method + " " + path + ": " + answer.statusCode() + " "
          + answer.body());
    }
    return answer.body();
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
    try {
      return http.send(request, handler);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupt);
    }
  }

  /** Ends all connections, those of watches too. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
