package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.FaultProxy;
import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.node.MovedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The wall clock of the node's process is set while pods run. Nobody else's is: not that of the cluster, of containerd,
 * and of the file system. At first the node is two hours ahead, so that certificates that were made just now are valid
 * all the time.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ClockJumpTest {
  private static final Duration AHEAD = Duration.ofHours(2);

  private JoinedCluster cluster;
  private MovedClock clock;
  private FaultProxy proxy;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent() && TestCluster.given().isEmpty(), JoinedCluster.OWN);
    cluster = new JoinedCluster();
    clock = new MovedClock(cluster.shared().resolveSibling("clock"), AHEAD);
    proxy = new FaultProxy(cluster.plane());
    cluster.withEnvironment(clock.environment()).join(proxy.uri());
    cluster.awaitReady();
  }

  @AfterEach
  void end() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private void module(String name, String policy, String args) throws IOException {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: $POLICY
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: $STARTS
            args: [$ARGS]
            volumeMounts: [{name: s, mountPath: /shared}, {name: t, mountPath: /token}]
          volumes:
          - {name: s, hostPath: {path: $HOME}}
          - {name: t, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}
        """.replace("$NAME", name).replace("$POLICY", policy).replace("$ARGS", args));
  }

  /** Is probed once a second, and needs all of its grace. */
  private void box(String name) throws IOException {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME}
        spec:
          nodeName: test-node
          runtimeClassName: runc
          terminationGracePeriodSeconds: 6
          containers:
          - name: main
            image: $BOX
            command: [/bin/sh, -c, "trap '' TERM; while :; do sleep 1; done"]
            readinessProbe: {periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 10, exec: {command: ['true']}}
        """.replace("$NAME", name));
  }

  private boolean ready(String... pods) {
    return Stream.of(pods).allMatch(pod -> cluster.watcher().latest(Kind.PODS, pod)
        .filter(each -> each.condition("Ready").equals("True")).isPresent());
  }

  private int starts(String pod) throws IOException {
    Path file = cluster.shared().resolve(pod);
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private String token() throws IOException {
    Path pod = cluster.node().data().resolve("pods").resolve(cluster.pod("stays").uid());
    try (Stream<Path> files = Files.walk(pod)) {
      return Files.readString(files.filter(file -> file.endsWith("token") && Files.isSymbolicLink(file)).findFirst()
          .orElseGet(() -> pod.resolve("none")));
    }
  }

  @Test
  void theClockIsSetForwardAndBack() throws Exception {
    boolean boxes = cluster.containerd().isPresent();
    module("stays", "Always", "'/shared/stays'");
    module("again", "OnFailure", "'/shared/again', '3'");
    if (boxes) {
      box("box");
    }
    cluster.eventually("they run", () -> ready("stays") && starts("again") >= 2 && (!boxes || ready("box")));
    String container = boxes ? containerId("box") : "";
    Instant begin = Instant.now();
    String token = token();
    after(Duration.ofHours(1));
    cluster.eventually("the token is exchanged, as its time is over", () -> !token().equals(token));
    Instant forward = Instant.now();
    after(Duration.ofHours(-2));
    Instant back = Instant.now();
    assertEquals(1, starts("stays"), "it was started again");
    if (boxes) {
      assertEquals(container, containerId("box"), "it is not the same container");
      assertTrue(ready("box"));
    }
    cluster.eventually("what is told is what was", () -> starts("again") - 1 == cluster.pod("again").status()
        .path("containerStatuses").path(0).path("restartCount").asInt(-1));
    assertEquals(List.of(), unready("stays"), "it was not ready for a while");
    assertEquals(List.of(), unready("box"), "it was not ready for a while");
    List<Update> node = cluster.watcher().of(Kind.NODES, JoinedCluster.NODE);
    assertTrue(node.stream().dropWhile(each -> !each.condition("Ready").equals("True"))
        .allMatch(each -> each.condition("Ready").equals("True")), "the node was not ready for a while");
    Traffic.print(Traffic.of("clock set forward by 1 h", begin, forward, proxy.calls()),
        Traffic.of("clock set back by 2 h", forward, back, proxy.calls()));
    cluster.judge();
  }

  private String containerId(String pod) {
    return cluster.pod(pod).status().path("containerStatuses").path(0).path("containerID").asString("");
  }

  /** When a pod that had been ready was told not to be. */
  private List<Instant> unready(String pod) {
    return cluster.watcher().of(Kind.PODS, pod).stream().dropWhile(each -> !each.condition("Ready").equals("True"))
        .filter(each -> !each.condition("Ready").equals("True")).map(Update::at).toList();
  }

  /** Sets the clock; then the lease is renewed, pods come, end, are restarted and go, each in its time. */
  private void after(Duration jump) throws Exception {
    String number = jump.isNegative() ? "back" : "forward";
    if (cluster.containerd().isPresent()) {
      box("slow-" + number);
      cluster.eventually("it runs", () -> ready("slow-" + number));
      cluster.admin().delete("/api/v1/namespaces/default/pods/slow-" + number, "");
    }
    long deleted = System.nanoTime();
    int starts = starts("again");
    Instant renewed = renewed();
    clock.jump(jump);
    Instant set = Instant.now();
    cluster.eventually("the lease is renewed three times, each time later", () -> leasesSince(set).size() >= 3);
    Instant before = renewed;
    for (Instant next : leasesSince(set)) {
      assertTrue(next.isAfter(before), "the lease was renewed at " + before + " and then at " + next);
      before = next;
    }
    if (cluster.containerd().isPresent()) {
      cluster.eventually("it is gone", () -> cluster.watcher().latest(Kind.PODS, "slow-" + number).isEmpty());
      Duration took = Duration.ofNanos(System.nanoTime() - deleted);
      assertTrue(took.toSeconds() >= 5, () -> "its grace was 6 s, and it was gone after " + took);
    }
    module("comes-" + number, "Always", "'/shared/comes-" + number + "'");
    module("ends-" + number, "Never", "'/shared/ends-" + number + "', '3'");
    cluster.awaitPhase("comes-" + number, "Running");
    cluster.awaitPhase("ends-" + number, "Failed");
    Instant ended = Instant.parse(cluster.pod("ends-" + number).status().path("containerStatuses").path(0)
        .path("state").path("terminated").path("finishedAt").asString(""));
    assertTrue(!ended.isBefore(set.plus(clock.moved()).minusSeconds(2))
        && ended.isBefore(Instant.now().plus(clock.moved()).plusSeconds(2)),
        () -> "it ended at " + ended + " by the node's clock, which was set by " + clock.moved() + " at " + set);
    cluster.delete("comes-" + number);
    cluster.delete("ends-" + number);
    cluster.eventually("what waits to be restarted is restarted", () -> starts("again") > starts);
  }

  private Instant renewed() {
    return renewal(cluster.watcher().latest(Kind.LEASES, JoinedCluster.NODE).orElseThrow());
  }

  private List<Instant> leasesSince(Instant when) {
    return cluster.watcher().of(Kind.LEASES, JoinedCluster.NODE).stream().filter(each -> each.at().isAfter(when))
        .map(ClockJumpTest::renewal).toList();
  }

  private static Instant renewal(Update lease) {
    return Instant.parse(lease.object().path("spec").path("renewTime").asString(""));
  }
}
