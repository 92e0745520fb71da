package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.Kubectl;
import io.bundlet.testkit.cluster.TestCluster;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a cluster gets from the node's own server, by kubectl and through the API server, which checks its certificate.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KubeletApiTest {
  private static final String PROXY = "/api/v1/nodes/" + JoinedCluster.NODE + "/proxy";
  private static JoinedCluster cluster;

  @BeforeAll
  static void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    cluster = new JoinedCluster();
    cluster.joined("--server-tls-bootstrap", "--client-ca-file", cluster.authority().toString());
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: talker}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: $SCRIPT, args: ['say one', 'say two', 'say three', run]}]
        """);
    cluster.eventually("it is ready", () -> cluster.pod("talker").condition("Ready").equals("True"));
    cluster.eventually("its log can be had", () -> cluster.kubectl().run("logs", "talker").exitCode() == 0);
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void judge() throws Exception {
    cluster.judge();
  }

  private static String logs(String... options) throws Exception {
    String[] words = new String[options.length + 1];
    words[0] = "logs";
    System.arraycopy(options, 0, words, 1, options.length);
    return cluster.kubectl().succeed(words);
  }

  @Test
  void logsAreReadWithAllOptions() throws Exception {
    cluster.eventually("all is said", () -> logs("talker").equals("one\ntwo\nthree\n"));
    assertEquals("three\n", logs("talker", "--tail=1"));
    assertEquals("one\ntwo\nthree\n", logs("talker", "--since=1h", "-c", "main"));
    assertEquals("one\n", logs("talker", "--limit-bytes=4"));
    String stamped = logs("talker", "--timestamps", "--tail=1");
    assertTrue(stamped.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z three\n"), stamped);
    Kubectl.Answer previous = cluster.kubectl().run("logs", "talker", "--previous");
    assertTrue(
        previous.exitCode() != 0 && previous.output().contains("previous terminated container \"main\" in pod"),
        previous.output());
  }

  @Test
  void aLogIsFollowedToItsEnd() throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: speaker}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: Never
          containers: [{name: main, image: $SCRIPT, args: ['say one', 'sleep 8000', 'say two', 'exit 0']}]
        """);
    cluster.awaitPhase("speaker", "Running");
    Process kubectl =
        new ProcessBuilder(cluster.kubectl().command("logs", "-f", "speaker")).redirectErrorStream(true).start();
    try (BufferedReader lines = kubectl.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("one", lines.readLine());
      assertEquals("Running", cluster.pod("speaker").phase(), "told while it runs");
      assertEquals("two", lines.readLine());
      assertEquals(null, lines.readLine());
      assertEquals(0, kubectl.waitFor());
    } finally {
      kubectl.destroyForcibly();
    }
    cluster.delete("speaker");
  }

  @Test
  void whoEndedBeforeIsRead() throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: again}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          containers: [{name: main, image: $SCRIPT, args: ['say bye', 'exit 1']}]
        """);
    cluster.eventually("it has ended twice", () ->
        cluster.pod("again").status().path("containerStatuses").path(0).path("restartCount").asInt() > 0);
    assertEquals("bye\n", logs("again", "--previous"));
    cluster.delete("again");
  }

  @Test
  void theApiServerHasTheNodesNumbersAndPods() throws Exception {
    for (String path : List.of("/healthz", "/configz", "/pods", "/runningpods/", "/metrics", "/stats/summary")) {
      assertTrue(!cluster.kubectl().succeed("get", "--raw", PROXY + path).isEmpty(), path);
    }
    assertTrue(cluster.kubectl().succeed("get", "--raw", PROXY + "/pods").contains("\"name\":\"talker\""));
    cluster.eventually("what the pod uses is known", () ->
        cluster.kubectl().succeed("get", "--raw", PROXY + "/metrics/resource")
            .contains("container_memory_working_set_bytes{container=\"main\",pod=\"talker\",namespace=\"default\"} "));
  }

  @Test
  void whatARuntimeCannotDoIsSaid() throws Exception {
    Kubectl.Answer exec = cluster.kubectl().run("exec", "talker", "--", "ls");
    assertTrue(exec.exitCode() != 0 && exec.output()
        .contains("the runtime provider wasi cannot run commands in containers"), exec.output());
  }
}
