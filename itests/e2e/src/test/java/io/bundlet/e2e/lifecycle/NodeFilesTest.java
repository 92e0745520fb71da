package io.bundlet.e2e.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files that the node itself puts into a module: its hosts, and one for its last words. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NodeFilesTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @TempDir private static Path home;
  private static NodeProcess node;
  private static NodeShell shell;
  private final String nonce = "n" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void start() throws Exception {
    node = new NodeProcess(Distribution.built(), home).start().awaitReady();
    shell = new NodeShell(node.data());
  }

  @AfterAll
  static void stop() throws Exception {
    if (node != null) {
      node.stop(LIMIT);
      node.close();
    }
  }

  private PodInfo ended(String pod, String guest, String args, String more) throws Exception {
    node.manifest(pod + ".yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: wasi
          restartPolicy: Never
          hostAliases: [{ip: 192.0.2.7, hostnames: [host-%s]}]
          volumes: [{name: v, emptyDir: {}}]
          containers:
          - name: main
            image: file:%s
            args: [%s]
            env: [{name: NONCE, value: %s}]
            %s
        """.formatted(pod, nonce, Distribution.guest(guest), args, nonce, more));
    return shell.await("it ends", pod, LIMIT, info -> info.phase().matches("Succeeded|Failed"));
  }

  private static String log(String pod) throws Exception {
    return PodLog.lines(node.data(), pod, "main").stream().map(PodLog.Line::text).collect(Collectors.joining("\n"));
  }

  @Test
  void aModuleLeavesItsLastWords() throws Exception {
    PodInfo pod = ended("words", "starts", "/dev/termination-log, \"4\"", "");
    assertEquals("4", pod.container("EXIT"), pod.text());
    assertEquals("start " + nonce, pod.container("MESSAGE").strip(), pod.text());
    PodInfo elsewhere = ended("elsewhere", "starts", "/last/words, \"5\"", "terminationMessagePath: /last/words");
    assertEquals("start " + nonce, elsewhere.container("MESSAGE").strip(), elsewhere.text());
  }

  @Test
  void aModuleReadsItsHosts() throws Exception {
    assertEquals("Succeeded", ended("hosts", "hello", "--read, /etc/hosts", "").phase());
    Eventually.until("it has read them", LIMIT, () -> log("hosts").contains("192.0.2.7\thost-" + nonce));
  }

  @Test
  void whatTheManifestMountsThereIsSeenInstead() throws Exception {
    PodInfo pod = ended(
        "own", "starts", "/etc/hosts, \"0\"", "volumeMounts: [{name: v, mountPath: /etc}, {name: v, mountPath: /dev}]");
    assertEquals("Succeeded", pod.phase(), pod.text());
    assertFalse(pod.container("MESSAGE").contains(nonce), pod.text());
  }
}
