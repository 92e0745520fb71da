package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.Kubectl;
import io.bundlet.testkit.cluster.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kubectl logs}, through the API server and the node's own API with the certificate that the cluster has
 * signed.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LogsTest {
  private static JoinedCluster cluster;

  @BeforeAll
  static void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    cluster = new JoinedCluster();
    cluster.bootstrap("--server-tls-bootstrap", "--client-ca-file", cluster.authority().toString());
    cluster.awaitReady();
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: talks}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: OnFailure
          containers: [{name: main, image: $SCRIPT, args: [say one, say two, say three, sleep 20000, say four, exit 3]}]
        """);
    cluster.eventually("it has spoken, and kubectl sees it", () -> {
      String output = cluster.kubectl().run("logs", "talks").output();
      if (!output.contains("three")) {
        throw new IOException(output);
      }
      return true;
    });
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void optionsDoWhatTheySay() throws Exception {
    Kubectl kubectl = cluster.kubectl();
    assertTrue(kubectl.succeed("logs", "-f", "talks").contains("one\ntwo\nthree\nfour\n"), "it was not followed");
    cluster.eventually("it runs again", () -> cluster.pod("talks").status().path("containerStatuses").path(0)
        .path("restartCount").asInt(0) > 0);
    assertEquals("one\ntwo\nthree\nfour\n", kubectl.succeed("logs", "--previous", "talks"));
    assertEquals("three\nfour\n", kubectl.succeed("logs", "--previous", "--tail=2", "talks"));
    assertTrue(kubectl.succeed("logs", "--previous", "--timestamps", "talks").lines()
        .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*Z (one|two|three|four)")),
        () -> "lines without times");
    assertEquals("", kubectl.succeed("logs", "--previous", "--since-time=2100-01-01T00:00:00Z", "talks"));
    assertEquals("four\n", kubectl.succeed("logs", "--previous", "--since=" + sinceTheMiddleOfItsSleep(), "talks"));
    assertEquals("one\n", kubectl.succeed("logs", "--previous", "--limit-bytes=4", "talks"));
    System.out.println(kubectl.succeed("logs", "--previous", "--timestamps", "talks"));
    Kubectl.Answer refused = kubectl.run("exec", "talks", "--", "true");
    assertTrue(refused.exitCode() != 0, refused::output);
    cluster.judge();
  }

  /** The time since ten seconds after the third word, of the twenty that lie between it and the fourth. */
  private static String sinceTheMiddleOfItsSleep() throws IOException {
    Instant third = cluster.kubectl().succeed("logs", "--previous", "--timestamps", "talks").lines()
        .filter(line -> line.endsWith(" three")).map(line -> Instant.parse(line.split(" ")[0])).findFirst()
        .orElseThrow();
    return Duration.between(third, Instant.now()).toSeconds() - 10 + "s";
  }
}
