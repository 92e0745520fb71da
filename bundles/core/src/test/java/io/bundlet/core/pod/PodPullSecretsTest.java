package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.PullRequest;
import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.FakeObjects;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom a pod's images are asked for, and that the node knows which those are. */
class PodPullSecretsTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final FakeObjects objects = new FakeObjects();
  private TestNode node;

  @BeforeEach
  void begin() throws Exception {
    node = new TestNode(data, time);
    node.objects.bind(objects);
    provider.images.clear();
    node.bind(provider);
  }

  @AfterEach
  void end() throws Exception {
    node.close();
  }

  private static String json(String password) {
    String auth = Base64.getEncoder().encodeToString(("u:" + password).getBytes(StandardCharsets.UTF_8));
    return "{\"auths\": {\"docker.io\": {\"auth\": \"" + auth + "\"}}}";
  }

  private static Pod pod(String... secrets) {
    PodBuilder pod = new PodBuilder(TestNode.pod("web", "u1", "Always", "a"));
    for (String secret : secrets) {
      pod.editSpec().addNewImagePullSecret(secret).endSpec();
    }
    return pod.build();
  }

  private List<String> passwords() {
    return provider.pulls.stream().map(PullRequest::credentials)
        .map(each -> each.map(RegistryCredentials::password).orElse("nobody")).toList();
  }

  @Test
  void itsOwnSecretsAndThenTheNodes() throws Exception {
    objects.secret("s", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", json("pod"));
    Files.writeString(node.registryCredentials, json("node"));
    provider.failures.put(
        "pull", () -> passwords().size() > 1 ? null : ProviderFailure.of(ProviderFailure.UNAVAILABLE, "401"));
    node.want(pod("s"));
    node.await("web", view -> view.phase().equals("Running"));
    assertEquals(List.of("pod", "node"), passwords());
    assertEquals(Set.of("img", "id-img"), node.dispatcher.images());
  }

  @Test
  void aSecretThatIsMissedIsToldOnThePod() {
    node.want(pod("none"));
    node.await("web", view -> view.phase().equals("Running"));
    assertEquals(List.of("nobody"), passwords());
    assertTrue(
        node.dispatcher.events("u1").stream().anyMatch(
            event -> event.reason().equals("FailedToRetrieveImagePullSecret") && event.message().contains("\"none\"")),
        node.dispatcher.events("u1")::toString);
  }

  /** The node may only read what its pods refer to, and reads it without asking each time. */
  @Test
  void theSecretsAreListenedTo() {
    objects.secret("s", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", json("pod"));
    node.want(pod("s"));
    node.await("web", view -> view.phase().equals("Running"));
    assertTrue(
        objects.watches.keySet().stream().anyMatch(key -> key.name().equals("s")), objects.watches.keySet()::toString);
  }
}
