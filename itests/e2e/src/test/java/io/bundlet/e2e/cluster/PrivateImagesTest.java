package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.containerd.Registry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Images for which a password is asked; the secrets with it are in the API server, and the node may read no others. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PrivateImagesTest {
  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String manifest(String name, String image, String registry, String password) {
    String config = "{\"auths\": {\"" + registry + "\": {\"auth\": \"" + base64("team:" + password) + "\"}}}";
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: %1$s}
        type: kubernetes.io/dockerconfigjson
        data: {.dockerconfigjson: %3$s}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s}
        spec:
          nodeName: test-node
          runtimeClassName: runc
          terminationGracePeriodSeconds: 1
          imagePullSecrets: [{name: %1$s}]
          containers:
          - name: main
            image: %2$s
            command: [/bin/sleep, '1000']
        """.formatted(name, image, base64(config));
  }

  @Test
  void secretsOfTheClusterAreUsed() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    assumeTrue(Registry.available(), "needs Debian's docker-registry");
    String password = UUID.randomUUID().toString();
    try (JoinedCluster cluster = new JoinedCluster().joined();
        Registry plain = Registry.plain(cluster.shared().resolve("plain"), cluster.shared().resolve("images"));
        Registry guarded = Registry.guarded(
            cluster.shared().resolve("guarded"), cluster.shared().resolve("images"), Map.of("team", password))) {
      assumeTrue(cluster.containerd().isPresent(), "needs containerd");
      cluster.containerd().get().trust(guarded);
      plain.push("team/web", "1");
      String web = guarded.host() + "/team/web:1";
      cluster.create(manifest("right", web, guarded.host() + "/team", password));
      cluster.create(manifest("wrong", web, guarded.host(), password + "x"));
      cluster.eventually("it is ready", () -> cluster.pod("right").condition("Ready").equals("True"));
      JsonNode container = cluster.pod("right").status().path("containerStatuses").path(0);
      assertTrue(
          container.path("imageID").asString("").matches(".*/team/web@sha256:[0-9a-f]{64}"), container::toString);
      assertEquals(1, guarded.asked("team/web", "1", 200));
      cluster.eventually("it waits", () -> cluster.pod("wrong").status().path("containerStatuses").path(0).path("state")
          .path("waiting").path("reason").asString("").matches("ErrImagePull|ImagePullBackOff"));
      JsonNode waiting = cluster.pod("wrong").status().path("containerStatuses").path(0).path("state").path("waiting");
      assertTrue(waiting.path("message").asString("").contains("401"), waiting::toString);
      cluster.delete("right");
      cluster.delete("wrong");
      cluster.judge();
    }
  }
}
