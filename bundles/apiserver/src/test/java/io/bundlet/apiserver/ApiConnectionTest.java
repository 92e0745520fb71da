package io.bundlet.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.FakeServer.Answer;
import io.bundlet.kubernetes.Caller;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client finds the server by its kubeconfig, and again when that has changed. */
@Timeout(120)
class ApiConnectionTest {
  @TempDir Path directory;
  private final FakeServer server;
  private ApiConnection connection;

  ApiConnectionTest() throws Exception {
    server = new FakeServer();
    server.answers(request -> new Answer(200, """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"}}
        """.formatted(request.authorization().replace("Bearer ", ""))));
  }

  @AfterEach
  void close() {
    connection.stop();
    server.close();
  }

  private KubernetesClient connect(Path kubeconfig) {
    connection = new ApiConnection(Settings.of(ApiServerConfig.class,
        Map.of("node_name", "here", "kubeconfig", kubeconfig.toString())));
    return connection.client();
  }

  private static String who(KubernetesClient client) {
    return client.nodes().withName("any").get().getMetadata().getName();
  }

  @Test
  void aTokenOfAFileIsReadAgainWhenItIsRefused() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    KubernetesClient client = connect(server.kubeconfig(directory.resolve("config"), "{tokenFile: token}"));
    assertEquals("first", who(client));
    FakeServer.Answers before = request -> new Answer(200, "{\"kind\": \"Node\", \"metadata\": {\"name\": \"%s\"}}"
        .formatted(request.authorization()));
    server.answers(request -> request.authorization().equals("Bearer second")
        ? before.to(request) : new Answer(401, "{}"));
    Files.writeString(token, "second");
    String last = null;
    while (last == null) {
      try {
        last = who(client);
      } catch (KubernetesClientException refused) {
        assertEquals(401, refused.getCode());
        Thread.onSpinWait();
      }
    }
    assertEquals("Bearer second", last);
  }

  @Test
  void theServerMayMove() throws Exception {
    Path config = server.kubeconfig(directory.resolve("config"), "{token: one}");
    KubernetesClient client = connect(config);
    assertEquals("one", who(client));
    try (FakeServer other = new FakeServer()) {
      other.answers(request -> new Answer(200, "{\"kind\": \"Node\", \"metadata\": {\"name\": \"other\"}}"));
      other.kubeconfig(config, "{token: one}");
      connection.modified(Settings.of(ApiServerConfig.class, Map.of("kubeconfig", config.toString())));
      String last = "one";
      while (!last.equals("other")) {
        try {
          last = who(client);
        } catch (KubernetesClientException cutOff) {
          // Under way over connections that were just given up.
          Thread.onSpinWait();
        }
      }
    }
  }

  @Test
  void nothingIsRepeated() throws Exception {
    KubernetesClient client = connect(server.kubeconfig(directory.resolve("config"), "{}"));
    server.answers(request -> new Answer(500, "{}"));
    assertThrows(KubernetesClientException.class, () -> who(client));
    assertEquals(1, server.requests().size());
    assertEquals("null", server.requests().getFirst().authorization());
  }

  @Test
  void aNodeThatIsNotThereIsNull() throws Exception {
    KubernetesClient client = connect(server.kubeconfig(directory.resolve("config"), "{}"));
    server.answers(request -> new Answer(404, "{}"));
    assertNull(client.nodes().withName("any").get());
  }

  @Test
  void reviewsAreAskedAsTheServerWantsThem() throws Exception {
    connect(server.kubeconfig(directory.resolve("config"), "{}"));
    ServerReviews reviews = new ServerReviews(connection);
    server.answers(request -> new Answer(201, """
        {"kind": "TokenReview", "status": {"authenticated": true,
         "user": {"username": "anna", "groups": ["g"], "extra": {"k": ["v"]}}}}
        """));
    Caller anna = new Caller("anna", "", List.of("g"), Map.of("k", List.of("v")));
    assertEquals(Optional.of(anna), reviews.caller("secret"));
    server.answers(request -> new Answer(201, "{\"kind\": \"SubjectAccessReview\", \"status\": {\"allowed\": %s}}"
        .formatted(request.body().contains("\"log\""))));
    assertTrue(reviews.allowed(anna, "get", "log"));
    assertFalse(reviews.allowed(anna, "get", "proxy"));
    String asked = server.requests().getLast().body();
    assertTrue(asked.contains("\"name\":\"here\"") && asked.contains("\"user\":\"anna\""), asked);
  }
}
