package io.bundlet.e2e.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real containers and an actor are probed; hooks leave what only they can know. */
@Timeout(900)
class ProbesAndHooksTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final String nonce = UUID.randomUUID().toString();
  private Path shared;
  private OwnNode own;
  private NodeProcess node;
  private NodeShell shell;

  @BeforeEach
  void begin() throws Exception {
    own = OwnNode.withContainers();
    shared = Files.createDirectories(own.home().resolve("shared"));
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

  private String container(String name, String policy, String rest) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: runc
          restartPolicy: %s
          volumes: [{name: shared, hostPath: {path: "%s"}}]
          containers:
          - name: main
            image: %s
            volumeMounts: [{name: shared, mountPath: /shared}]
        """.formatted(name, policy, shared, Containerd.BUSYBOX_IMAGE) + rest.indent(4);
  }

  @Test
  void aContainerIsReadyWhenItAnswersRestartedWhenItIsNotAliveAndSaysGoodbye() throws Exception {
    node.manifest("web.yaml", container("web", "Always", """
        command: [/bin/busybox, httpd, -f, -p, "8080", -h, /shared]
        ports: [{name: http, containerPort: 8080}]
        readinessProbe: {httpGet: {path: /ready-%1$s, port: http}, periodSeconds: 1, failureThreshold: 1}
        livenessProbe:
          exec: {command: [/bin/sh, -c, "! test -e /shared/dead-%1$s"]}
          periodSeconds: 1
          timeoutSeconds: 60
          failureThreshold: 1
          terminationGracePeriodSeconds: 10
        lifecycle:
          preStop: {exec: {command: [/bin/sh, -c, "echo bye-%1$s >> /shared/bye"]}}
        """.formatted(nonce)));
    PodInfo running = await("it runs", "web", info -> info.phase().equals("Running"));
    assertFalse(running.hasCondition("Ready"), running.text());
    Files.writeString(shared.resolve("ready-" + nonce), "yes");
    await("it is ready", "web", info -> info.hasCondition("Ready"));
    Files.delete(shared.resolve("ready-" + nonce));
    await("it is not ready", "web", info -> !info.hasCondition("Ready"));
    assertEquals(0, shell.pod("web").restarts());
    Path dead = Files.writeString(shared.resolve("dead-" + nonce), "");
    PodInfo again = await("it was restarted", "web", info -> info.restarts() > 0);
    Files.delete(dead);
    System.out.println(again.text());
    assertTrue(again.text().contains("Container main failed liveness probe, will be restarted"), again.text());
    Eventually.until(
        "preStop was run", LIMIT, () -> Files.readString(shared.resolve("bye")).contains("bye-" + nonce));
    Files.writeString(shared.resolve("ready-" + nonce), "yes");
    await("it is ready again", "web", info -> info.hasCondition("Ready"));
    long goodbyes = Files.readAllLines(shared.resolve("bye")).size();
    node.withdraw("web.yaml");
    await("it is gone", "web", info -> !info.exists());
    assertEquals(goodbyes + 1, Files.readAllLines(shared.resolve("bye")).size());
  }

  @Test
  void aContainerWhosePostStartFailsIsEndedAndLastWordsAreTold() throws Exception {
    node.manifest("hooked.yaml", container("hooked", "Always", """
        command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 1000 & wait"]
        lifecycle: {postStart: {exec: {command: [/bin/sh, -c, "echo set-up-%s; exit 3"]}}}
        terminationMessagePolicy: File
        """.formatted(nonce)));
    node.manifest("words.yaml", container("words", "Never", """
        command: [/bin/sh, -c, "echo words-%s > /dev/termination-log; exit 4"]
        """.formatted(nonce)));
    node.manifest("logs.yaml", container("logs", "Never", """
        command: [/bin/sh, -c, "echo logged-%s; exit 5"]
        terminationMessagePolicy: FallbackToLogsOnError
        """.formatted(nonce)));
    await("its message is told", "words", info -> info.text().contains("words-" + nonce));
    await("its log stands for a message", "logs", info -> info.text().contains("logged-" + nonce));
    PodInfo hooked = await("it is made again", "hooked", info -> info.restarts() > 0);
    System.out.println(hooked.text());
    assertTrue(hooked.text().contains("FailedPostStartHook"), hooked.text());
    assertTrue(hooked.text().contains("exit code 3"), hooked.text());
    assertFalse(hooked.hasCondition("Ready"), hooked.text());
  }

  @Test
  void anActorIsReadyWhenItsPortIsOpen() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    String actor = """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: wascc
          containers:
          - name: echo
            image: file:%s
            ports: [{name: line, containerPort: %d}]
            readinessProbe: {tcpSocket: {host: 127.0.0.1, port: %s}, periodSeconds: 1}
        """;
    Path module = Distribution.repository().resolve("runtime/examples/echo/echo.wasm");
    node.manifest("actor.yaml", actor.formatted("actor", module, port, "line"));
    await("it is ready", "actor", info -> info.hasCondition("Ready"));
    node.withdraw("actor.yaml");
    await("it is gone", "actor", info -> !info.exists());
    node.manifest("deaf.yaml", actor.formatted("deaf", module, port, String.valueOf(nobody)));
    PodInfo deaf = await("its probe fails", "deaf", info -> info.text().contains("Readiness probe failed"));
    assertFalse(deaf.hasCondition("Ready"), deaf.text());
  }
}
