package io.bundlet.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.FakeObjects;
import io.bundlet.core.objects.ObjectSources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullSecretsTest {
  private static final String JSON_TYPE = "kubernetes.io/dockerconfigjson";
  private static final String JSON_KEY = ".dockerconfigjson";

  @TempDir Path directory;
  private final FakeObjects objects = new FakeObjects();
  private final ObjectSources sources = new ObjectSources();
  private final List<String> events = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private NodeCredentials node;

  @BeforeEach
  void begin() {
    sources.bind(objects);
    node = new NodeCredentials(
        () -> Optional.of(directory.resolve("config.json")), told -> troubles.add(told.orElse("over")));
  }

  private static String auth(String user, String password) {
    return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String registry, String password) {
    return "{\"auths\": {\"" + registry + "\": {\"auth\": \"" + auth("u", password) + "\"}}}";
  }

  private void file(String content) throws Exception {
    Path half = Files.writeString(directory.resolve("half"), content);
    Files.move(half, directory.resolve("config.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  private String found(String image, String... secrets) throws ProviderFailure {
    return new PullSecrets(
            sources.of("test"), (path, type, reason, message) -> events.add(type + " " + reason + " " + message))
        .credentials(image, "default", List.of(secrets), node).stream()
        .map(one -> one.username() + "=" + one.password()).collect(Collectors.joining(" "));
  }

  @Test
  void bothFormsOfSecretsAreRead() throws Exception {
    file("{}");
    objects.secret("new", JSON_TYPE, JSON_KEY, json("r.example", "p:1"));
    objects.secret("old", "kubernetes.io/dockercfg", ".dockercfg",
        "{\"r.example\": {\"username\": \"v\", \"password\": \"p2\", \"email\": \"x\"}}");
    objects.secret("other", "Opaque", JSON_KEY, json("r.example", "p3"));
    objects.secret("empty", JSON_TYPE, JSON_KEY, "{\"auths\": {\"r.example\": {}}}");
    assertEquals("u=p:1 v=p2", found("r.example/web", "new", "old", "other", "empty"));
    assertEquals("v=p2 u=p:1", found("r.example/web", "old", "new"));
    assertEquals("", found("s.example/web", "new", "old"));
    assertEquals(List.of(), events);
    assertEquals(List.of(), troubles);
  }

  @Test
  void theSecretsOfThePodCountBeforeTheNode() throws Exception {
    file(json("r.example/team/web", "node"));
    objects.secret("s", JSON_TYPE, JSON_KEY, json("r.example", "pod"));
    assertEquals("u=pod u=node", found("r.example/team/web:1", "s"));
    assertEquals("u=node", found("r.example/team/web:1"));
    file(json("r.example", "pod"));
    assertEquals("u=pod", found("r.example/team/web:1", "s"), "the same is tried once");
  }

  @Test
  void aSecretThatIsNotThereIsToldAndLeftOut() throws Exception {
    file("{}");
    objects.secret("s", JSON_TYPE, JSON_KEY, json("r.example", "p"));
    assertEquals("u=p", found("r.example/web", "none", "s"));
    assertEquals(1, events.size());
    assertTrue(events.getFirst().startsWith("Warning FailedToRetrieveImagePullSecret "), events.getFirst());
    assertTrue(events.getFirst().contains("there is no secret \"none\""), events.getFirst());
    objects.failure = Optional.of(ProviderFailure.of(ProviderFailure.UNAVAILABLE, "secret default/s is not known"));
    assertEquals("", found("r.example/web", "s"));
    assertTrue(events.getLast().contains("secret default/s is not known"), events.getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "geheim", "[\"geheim\"]", "{\"auths\": [\"geheim\"]}", "{\"auths\": {\"r.example\": {\"auth\": \"geheim!\"}}}",
      "{\"auths\": {\"hans:geheim@r.example\": {\"auth\": \"Z2VoZWlt\"}}}", "{\"auths\": {\"geheim\""})
  void whatIsWrongNamesNoneOfIt(String content) throws Exception {
    objects.secret("s", JSON_TYPE, JSON_KEY, content);
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> found("r.example/web", "s"));
    StringWriter all = new StringWriter();
    failure.printStackTrace(new PrintWriter(all));
    assertFalse(all.toString().contains("geheim"), all.toString());
    assertFalse(all.toString().contains("Z2Vo"), all.toString());
    assertTrue(failure.getMessage().startsWith(
        "spec.imagePullSecrets: the content of secret \"default/s\" "), failure.getMessage());
    file(content);
    assertEquals("", found("r.example/web"));
    assertTrue(troubles.getFirst().startsWith("image.credentials.file: "), troubles.toString());
    assertFalse(troubles.getFirst().contains("geheim"), troubles.toString());
  }

  @Test
  void theNodesFileIsReadAgainWhenItIsAnother() throws Exception {
    assertEquals("", found("r.example/web"));
    assertTrue(troubles.getFirst().contains("there is no file " + directory), troubles.toString());
    file(json("r.example", "p1"));
    assertEquals("u=p1", found("r.example/web"));
    assertEquals("over", troubles.getLast());
    file(json("r.example", "p2"));
    assertEquals("u=p2", found("r.example/web"));
    file("{\"auths\": ");
    assertEquals("u=p2", found("r.example/web"), "what was said before holds");
    assertTrue(troubles.getLast().contains("is not JSON"), troubles.toString());
    int told = troubles.size();
    found("r.example/web");
    assertEquals(told, troubles.size(), "told once");
    Files.delete(directory.resolve("config.json"));
    assertEquals("", found("r.example/web"));
  }

  @Test
  void whatIsNoFileIsNotRead() throws Exception {
    Files.createDirectory(directory.resolve("config.json"));
    assertEquals("", found("r.example/web"));
    assertTrue(troubles.getFirst().contains("is no regular file"), troubles.toString());
    assertEquals(List.of(), new Keyring().of("r.example/web").stream().map(RegistryCredentials::username).toList());
  }
}
