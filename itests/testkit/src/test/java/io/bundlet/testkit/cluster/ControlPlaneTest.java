package io.bundlet.testkit.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ./check --cluster}: the kit alone, without a node. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ControlPlaneTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Path home;
  private ControlPlane plane;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent(), "only with ./check --cluster");
    home = Files.createTempDirectory("plane");
    long from = System.nanoTime();
    plane = ControlPlane.start(ControlPlane.programs().orElseThrow(), home.resolve("p"));
    System.out.println("the control plane is ready after " + (System.nanoTime() - from) / 1_000_000 + " ms");
  }

  @AfterEach
  void end() {
    if (plane != null) {
      plane.close();
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  @Test
  void aDeploymentWaitsForANode() throws Exception {
    try (ClusterWatcher watcher = new ClusterWatcher(plane.admin())) {
      plane.admin().create("""
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: waiting, namespace: default}
          spec:
            replicas: 2
            selector: {matchLabels: {app: waiting}}
            template:
              metadata: {labels: {app: waiting}}
              spec: {runtimeClassName: wasi, containers: [{name: main, image: 'file:/a.wasm'}]}
          """);
      Eventually.until("two pods cannot be scheduled", LIMIT, () -> watcher.living().size() == 2
          && watcher.living().stream().allMatch(pod -> pod.condition("PodScheduled").equals("False")));
      assertTrue(plane.kubectl().succeed("get", "pods").contains("Pending"));
      assertTrue(watcher.of(Kind.NODES).isEmpty());
      plane.killApiServer();
      plane.startApiServer();
      plane.admin().delete("/apis/apps/v1/namespaces/default/deployments/waiting", "");
      Eventually.until("the pods are gone", LIMIT, () -> watcher.living().isEmpty());
      assertEquals(2, watcher.pods().size());
    }
  }

  @Test
  void aProxySpoilsWhatItIsTold() throws Exception {
    try (FaultProxy proxy = new FaultProxy(plane); ApiClient client = plane.admin(proxy.uri())) {
      String path = "/api/v1/namespaces/default";
      assertEquals("default", client.get(path).path("metadata").path("name").asString(""));
      proxy.fault(call -> new FaultProxy.Refuse(429, 1));
      assertEquals(429, assertThrows(ApiException.class, () -> client.get(path)).code());
      proxy.fault(call -> new FaultProxy.Half());
      assertThrows(IOException.class, () -> client.get(path));
      proxy.heal();
      CountDownLatch seen = new CountDownLatch(1);
      CountDownLatch cut = new CountDownLatch(1);
      Thread.ofVirtual().start(() -> {
        try {
          client.watch("/api/v1/namespaces?watch=true", event -> {
            seen.countDown();
            return true;
          });
        } catch (IOException expected) {
          cut.countDown();
        }
      });
      assertTrue(seen.await(30, TimeUnit.SECONDS));
      proxy.cutWatches();
      assertTrue(cut.await(30, TimeUnit.SECONDS), "the watch was not cut");
      proxy.down();
      assertThrows(IOException.class, () -> client.get(path));
      proxy.up();
      assertEquals("default", client.get(path).path("metadata").path("name").asString(""));
      assertEquals(1, proxy.calls().stream().filter(FaultProxy.Call::watch).count());
    }
  }
}
