package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** From a bootstrap token to a node that is ready, and what it keeps true afterwards. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JoinTest {
  private JoinedCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    cluster = new JoinedCluster();
  }

  @AfterEach
  void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aNodeJoinsByABootstrapToken() throws Exception {
    long from = System.nanoTime();
    cluster.bootstrap();
    cluster.awaitReady();
    long took = Duration.ofNanos(System.nanoTime() - from).toMillis();
    System.out.println("from the start of the process to Ready: " + took + " ms");
    assertTrue(took < 60_000, () -> "it took " + took + " ms");
    cluster.eventually("the lease is there", () -> cluster.watcher().latest(Kind.LEASES, JoinedCluster.NODE)
        .isPresent());
    System.out.println(cluster.kubectl().succeed("get", "nodes", "-o", "wide"));
    System.out.println(cluster.kubectl().succeed("describe", "node", JoinedCluster.NODE));
    JsonNode node = cluster.watcher().latest(Kind.NODES, JoinedCluster.NODE).orElseThrow().object();
    Set<String> conditions = new TreeSet<>();
    node.path("status").path("conditions").forEach(each -> {
      conditions.add(each.path("type").asString(""));
      assertTrue(each.has("reason") && each.has("message") && each.has("lastHeartbeatTime")
          && each.has("lastTransitionTime"), each::toString);
    });
    assertTrue(conditions.containsAll(List.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")),
        conditions::toString);
    assertEquals("true", node.path("metadata").path("labels").path("runtime.bundlet.io/wasi").asString(""));
    JsonNode lease = cluster.watcher().latest(Kind.LEASES, JoinedCluster.NODE).orElseThrow().object();
    assertEquals(JoinedCluster.NODE, lease.path("spec").path("holderIdentity").asString(""));
    assertEquals(40, lease.path("spec").path("leaseDurationSeconds").asInt(0));
    cluster.eventually("the lease is renewed twice",
        () -> cluster.watcher().of(Kind.LEASES, JoinedCluster.NODE).size() >= 3);
    printRequests();
    cluster.judge();
    for (AuditLog.Request request : cluster.audit().requests()) {
      assertTrue(List.of("system:node:" + JoinedCluster.NODE, "system:bootstrap:abcdef").contains(request.user()),
          () -> "somebody else asked: " + request);
    }
  }

  @Test
  void aNodeThatIsDeletedComesBack() throws Exception {
    cluster.joined();
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: stays}
        spec: {nodeName: test-node, runtimeClassName: wasi, containers: [{name: main, image: $SCRIPT, args: [run]}]}
        """);
    cluster.awaitPhase("stays", "Running");
    String uid = cluster.watcher().latest(Kind.NODES, JoinedCluster.NODE).orElseThrow().uid();
    cluster.admin().delete("/api/v1/nodes/" + JoinedCluster.NODE, "");
    cluster.eventually("it is there again, and ready", () -> cluster.watcher()
        .latest(Kind.NODES, JoinedCluster.NODE).filter(each -> !each.uid().equals(uid)).isPresent()
        && cluster.ready());
    cluster.judge();
  }

  private void printRequests() throws Exception {
    new TreeMap<>(cluster.audit().requests().stream().collect(Collectors.groupingBy(
        each -> each.user() + " " + each.verb() + " " + each.resource() + " " + each.code(), Collectors.counting())))
        .forEach((what, count) -> System.out.println("| " + what + " | " + count + " |"));
  }
}
