package io.bundlet.e2e.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SIGTERM does to a node's pods: what they themselves write when they are asked to end tells the order. */
@Timeout(900)
class ShutdownTest {
  private static final Duration LIMIT = Duration.ofSeconds(180);

  private final String nonce = UUID.randomUUID().toString();
  private Path shared;
  private OwnNode own;
  private NodeProcess node;

  @BeforeEach
  void begin() throws Exception {
    own = OwnNode.withContainers();
    shared = Files.createDirectories(own.home().resolve("shared"));
  }

  @AfterEach
  void end() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  private PodInfo await(String what, String pod, Predicate<PodInfo> so) throws Exception {
    return own.shell().await(what, pod, LIMIT, so);
  }

  /** Says when it was asked to end, and a second later that it has. */
  private void polite(String name, int priority) throws Exception {
    node.manifest(name + ".yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s}
        spec:
          runtimeClassName: runc
          priority: %2$d
          volumes: [{name: shared, hostPath: {path: "%3$s"}}]
          containers:
          - name: main
            image: %4$s
            volumeMounts: [{name: shared, mountPath: /shared}]
            command:
            - /bin/sh
            - -c
            - |
              trap 'echo %1$s asked %5$s >> /shared/order; sleep 1; echo %1$s ended %5$s >> /shared/order; exit 0' TERM
              touch /shared/%1$s.hears
              while true; do sleep 0.1; done
        """.formatted(name, priority, shared, Containerd.BUSYBOX_IMAGE, nonce));
  }

  private List<String> order() throws IOException {
    Path order = shared.resolve("order");
    return Files.exists(order)
        ? Files.readAllLines(order).stream().map(line -> line.replace(" " + nonce, "")).toList() : List.of();
  }

  private void awaitRunning(String... names) throws Exception {
    for (String name : names) {
      await("it runs", name, info -> info.phase().equals("Running"));
      Eventually.until(name + " hears signals", LIMIT,
          () -> name.equals("guest") || Files.exists(shared.resolve(name + ".hears")));
    }
  }

  @Test
  void sigtermEndsPodsByPriorityAndTheNextNodeRunsThemAgain() throws Exception {
    node = own.start("--set", "io.bundlet.core:shutdown.grace.by.priority=0=20,1000=10,100000=10").process();
    polite("middle", 1000);
    polite("high", 2000000);
    polite("low", 0);
    node.manifest("guest.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: guest}
        spec:
          runtimeClassName: wasi
          priority: 5
          terminationGracePeriodSeconds: 2
          containers: [{name: main, image: "file:%s"}]
        """.formatted(Distribution.guest("counter")));
    awaitRunning("low", "middle", "high", "guest");
    assertEquals(0, node.stop(LIMIT), node.output());
    assertEquals(
        List.of("low asked", "low ended", "middle asked", "middle ended", "high asked", "high ended"), order());
    assertTrue(node.output().contains("the node is shut down"), node.output());
    node.start().awaitReady();
    awaitRunning("low", "middle", "high", "guest");
    assertEquals(1, await("it was restarted", "low", info -> info.restarts() == 1).restarts());
  }

  @Test
  void withoutTheSettingContainersAreLeftForTheNextNode() throws Exception {
    node = own.start().process();
    polite("low", 0);
    awaitRunning("low");
    String before = await("it has an id", "low", info -> !info.container("ID").isEmpty()).container("ID");
    assertEquals(0, node.stop(LIMIT), node.output());
    assertEquals(List.of(), order());
    node.start().awaitReady();
    PodInfo after = await("it is adopted", "low", info -> info.phase().equals("Running"));
    assertEquals(before, after.container("ID"));
    assertEquals(0, after.restarts());
  }
}
