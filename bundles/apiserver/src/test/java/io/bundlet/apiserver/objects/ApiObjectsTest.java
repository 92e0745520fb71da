package io.bundlet.apiserver.objects;

import static io.bundlet.apiserver.fake.Until.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.fake.FakeApi;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiObjectsTest {
  private static final String PATH = "/api/v1/namespaces/default/configmaps/settings";
  private static final String LIST = "GET /api/v1/namespaces/default/configmaps?fieldSelector=metadata.name%3Dsettings";
  private static final ObjectKey KEY = ObjectKey.configMap("default", "settings");

  private FakeApi api;
  private ApiObjects objects;

  @BeforeEach
  void server() throws IOException {
    api = new FakeApi();
    // nobody asks himself because the machine is slow
    objects = new ApiObjects(api, Duration.ofMinutes(2));
  }

  @AfterEach
  void end() {
    objects.stop();
    api.close();
  }

  private static ConfigMap settings(String value) {
    return new ConfigMapBuilder().withNewMetadata().withNamespace("default").withName("settings").endMetadata()
        .addToData("key", value).build();
  }

  private String value() throws ProviderFailure {
    return objects.configMap("default", "settings").map(found -> found.data().get("key")).orElse("none");
  }

  @Test
  void objectsAreRead() throws Exception {
    assertEquals(Optional.empty(), objects.configMap("default", "settings"));
    api.put(PATH, settings("one"));
    assertEquals("one", value());
    api.put("/api/v1/namespaces/default/secrets/keys", new SecretBuilder().withNewMetadata().withNamespace("default")
        .withName("keys").endMetadata().withType("Opaque").addToData("key", "AAEC").withImmutable(true).build());
    var secret = objects.secret("default", "keys").orElseThrow();
    assertArrayEquals(new byte[] {0, 1, 2}, secret.data().get("key"));
    assertEquals("Opaque", secret.type());
    assertTrue(secret.immutable());
  }

  @Test
  void allWhoUseAnObjectShareOneWatch() throws Exception {
    api.put(PATH, settings("one"));
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    Subscription one = objects.watch(KEY, first::incrementAndGet);
    Subscription two = objects.watch(KEY, second::incrementAndGet);
    assertEquals("one", value());
    until("the watch", () -> api.watches() == 1);
    for (int i = 0; i < 20; i++) {
      assertEquals("one", value());
    }
    assertEquals(2, api.count(LIST), "a list and a watch, whoever reads");
    assertEquals(0, api.count("GET " + PATH));
    int before = second.get();
    api.put(PATH, settings("two"));
    until("the change", () -> second.get() > before);
    assertEquals("two", value());
    one.close();
    int told = first.get();
    int toldSecond = second.get();
    api.remove(PATH);
    until("that it went", () -> second.get() > toldSecond);
    assertEquals("none", value());
    assertEquals(told, first.get(), "who has left is not told");
    two.close();
    until("the end of the watch", () -> {
      api.put(PATH, settings("three"));
      return api.watches() == 0;
    });
  }

  @Test
  void aServerThatIsAwayDoesNotTakeObjectsWithIt() throws Exception {
    api.put(PATH, settings("one"));
    objects.watch(KEY, () -> {});
    assertEquals("one", value());
    until("the watch", () -> api.watches() == 1);
    api.away(true);
    until("a try to ask the server", () -> {
      assertEquals("one", assertDoesNotThrow(this::value));
      return api.count("GET " + PATH) > 0;
    });
    assertEquals("one", value());
    ProviderFailure unknown =
        assertThrows(ProviderFailure.class, () -> objects.configMap("default", "another"));
    assertEquals(ProviderFailure.UNAVAILABLE, unknown.kind());
  }

  @Test
  void whatNeverChangesIsNotWatched() throws Exception {
    api.put(PATH, new ConfigMapBuilder(settings("one")).withImmutable(true).build());
    objects.watch(KEY, () -> {});
    assertEquals("one", value());
    assertEquals("one", value());
    assertEquals(1, api.count("GET"));
  }

  @Test
  void refusalsSayWhatTheyAre() {
    api.fault("GET " + PATH, 403, Map.of(), "{\"message\":\"no relationship found\"}");
    ProviderFailure denied = assertThrows(ProviderFailure.class, this::value);
    assertEquals(ProviderFailure.DENIED, denied.kind());
    assertTrue(denied.getMessage().contains("no relationship found"));
    api.fault("GET " + PATH, 200, Map.of(), "{\"metadata\":{\"name\":\"other\"}}");
    assertEquals(ProviderFailure.UNAVAILABLE, assertThrows(ProviderFailure.class, this::value).kind());
    api.half("GET " + PATH);
    assertEquals(ProviderFailure.UNAVAILABLE, assertThrows(ProviderFailure.class, this::value).kind());
  }

  @Test
  void tokensAreBoundToTheirPod() throws Exception {
    TokenRequest request =
        new TokenRequest(new PodId("default", "a", "uid-a"), "builder", List.of("vault"), 60);
    Token token = objects.token(request);
    assertEquals("the-token", token.value());
    assertEquals(Duration.ofSeconds(1200), Duration.between(token.issuedAt(), token.expiresAt()));
    String body = api.bodies.getLast();
    assertTrue(body.contains("\"uid\":\"uid-a\"") && body.contains("\"vault\"") && body.contains("600"), body);
    api.fault("POST", 404, Map.of(), "{}");
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class, () -> objects.token(request)).kind());
    api.fault("POST", 500, Map.of(), "{}");
    assertEquals(ProviderFailure.UNAVAILABLE, assertThrows(ProviderFailure.class, () -> objects.token(request)).kind());
  }
}
