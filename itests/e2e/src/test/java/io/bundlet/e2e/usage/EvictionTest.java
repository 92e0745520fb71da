package io.bundlet.e2e.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who takes more of the disk than he may is evicted, and nobody else. */
@Timeout(900)
class EvictionTest {
  private static final Duration LIMIT = Duration.ofSeconds(180);

  /** No two runs have the same. */
  private final long limitKib = 1024 + ThreadLocalRandom.current().nextInt(8192);
  private OwnNode own;
  private NodeProcess node;
  private NodeShell shell;

  @BeforeEach
  void begin() throws Exception {
    own = OwnNode.withContainers();
    node = own.start().process();
    shell = own.shell();
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

  private void pod(String name, String handler, String container) throws Exception {
    node.manifest(name + ".yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: %s
          terminationGracePeriodSeconds: 2
          volumes: [{name: cache, emptyDir: {sizeLimit: %dKi}}]
          containers:
          - name: main
            volumeMounts: [{name: cache, mountPath: /cache}]
        """.formatted(name, handler, limitKib) + container.indent(4));
  }

  private void wasi(String name, long kib) throws Exception {
    pod(name, "wasi", """
        image: file:%s
        args: [/cache/file, "%d"]
        """.formatted(Distribution.guest("filler"), kib));
  }

  private void container(String name, String file, long kib, String rest) throws Exception {
    pod(name, "runc", """
        image: %s
        command: [/bin/sh, -c, "dd if=/dev/zero of=%s bs=1024 count=%d; echo wrote; while true; do sleep 1; done"]
        """.formatted(Containerd.BUSYBOX_IMAGE, file, kib) + rest);
  }

  private long directories() throws Exception {
    try (Stream<Path> all = Files.walk(node.data().resolve("pods"))) {
      return all.filter(path -> path.endsWith("volumes/kubernetes.io~empty-dir/cache")).count();
    }
  }

  private void awaitEvicted(String name, String message) throws Exception {
    PodInfo evicted = await("it is evicted", name, info -> info.phase().equals("Failed"));
    assertEquals("Evicted", evicted.field("Reason"), evicted.text());
    assertTrue(evicted.field("Message").contains(message), evicted.text());
    assertTrue(evicted.hasCondition("DisruptionTarget"), evicted.text());
  }

  @Test
  void whoWritesMoreThanItMayIsEvictedAndTheDiskIsGivenBack() throws Exception {
    String inQuotes = limitKib % 1024 == 0 ? limitKib / 1024 + "Mi" : limitKib + "Ki";
    String volume = "Usage of EmptyDir volume \"cache\" exceeds the limit \"" + inQuotes + "\".";
    wasi("wasi-within", limitKib / 2);
    container("runc-within", "/cache/file", limitKib / 2, "");
    wasi("wasi-over", limitKib + 64);
    container("runc-over", "/cache/file", limitKib + 64, "");
    container("runc-layer", "/beside", limitKib + 64, """
        resources: {limits: {ephemeral-storage: %dKi}}
        """.formatted(limitKib));
    for (String within : new String[] {"wasi-within", "runc-within"}) {
      await("it runs", within, info -> info.phase().equals("Running"));
    }
    awaitEvicted("wasi-over", volume);
    awaitEvicted("runc-over", volume);
    awaitEvicted("runc-layer", "ephemeral");
    System.out.println(shell.pod("runc-layer").field("Message"));
    Eventually.until("the volumes of two pods are left", LIMIT, () -> directories() == 2);
    for (String within : new String[] {"wasi-within", "runc-within"}) {
      PodInfo info = shell.pod(within);
      assertEquals("Running", info.phase(), info.text());
      assertEquals(0, info.restarts(), info.text());
    }
    String used =
        Eventually.value(
            "it is known what they use, and nothing of the others", LIMIT,
            () -> Optional.of(shell.ask("pod:top")).filter(text -> !text.contains("-over") && text.lines().anyMatch(
                line -> line.matches("default +wasi-within +\\S+ +[0-9.]+[KM]i +[0-9.]+[KM]i"))));
    System.out.println(used);
    assertTrue(used.lines().noneMatch(line -> line.contains("-over")), used);
    assertTrue(
        PodLog.lines(node.data(), "wasi-over", "main").stream().anyMatch(line -> line.text().startsWith("wrote")),
        "its log stays");
  }
}
