package io.bundlet.e2e.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.NodeShell;
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
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SIGTERM does to a node's pods: what they themselves write when they are asked to end tells the order. */
@Timeout(180)
class ShutdownTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String nonce = UUID.randomUUID().toString();
  private Path home;
  private Path shared;
  private Containerd containerd;
  private NodeProcess node;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("shutdown");
    shared = Files.createDirectories(home.resolve("shared"));
    containerd = Containerd.start(home.resolve("c"));
  }

  @AfterEach
  void end() throws Exception {
    if (node != null) {
      node.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  private void start(String... options) throws IOException {
    String[] all = new String[options.length + 2];
    System.arraycopy(options, 0, all, 2, options.length);
    all[0] = "--cri-endpoint";
    all[1] = containerd.socket().toString();
    node = new NodeProcess(Distribution.built(), home.resolve("node"), all).start().awaitReady();
  }

  private PodInfo await(String what, String pod, Predicate<PodInfo> so) throws Exception {
    NodeShell shell = new NodeShell(node.data());
    try {
      return Eventually.value(what, LIMIT, () -> Optional.of(shell.pod(pod)).filter(so));
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + ": " + shell.pod(pod).text(), never);
    }
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
    }
  }

  @Test
  void sigtermEndsPodsByPriorityAndTheNextNodeRunsThemAgain() throws Exception {
    start("--set", "io.bundlet.core:shutdown.grace.by.priority=0=20,1000=10,100000=10");
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
    start();
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
