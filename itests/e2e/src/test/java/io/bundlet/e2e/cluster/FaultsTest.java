package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.FaultProxy;
import io.bundlet.testkit.cluster.FaultProxy.Call;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What stands between a node and its API server fails in all manners; the pods run on, and what is told is right again
 * afterwards.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FaultsTest {
  private static final Duration OUTAGE = Duration.ofSeconds(Boolean.getBoolean("long") ? 600 : 90);

  private JoinedCluster cluster;
  private FaultProxy proxy;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent(), "only with ./check --cluster");
    cluster = new JoinedCluster();
    proxy = new FaultProxy(cluster.plane());
    cluster.join(proxy.uri());
    cluster.awaitReady();
    pod("stays", "Always", "'/shared/stays'");
    cluster.awaitPhase("stays", "Running");
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

  private void pod(String name, String policy, String args) throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: $POLICY
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: $STARTS, args: [$ARGS], volumeMounts: [{name: s, mountPath: /shared}]}]
          volumes: [{name: s, hostPath: {path: $HOME}}]
        """.replace("$NAME", name).replace("$POLICY", policy).replace("$ARGS", args));
  }

  private void runsOn(String pod) throws Exception {
    assertEquals(1, Files.readAllLines(cluster.shared().resolve(pod)).size(), pod + " was started again");
    assertEquals(0, cluster.pod(pod).status().path("containerStatuses").path(0).path("restartCount").asInt(-1));
  }

  @Test
  void theServerIsAwayForAWhile() throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: ends}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: Never
          containers: [{name: main, image: $SCRIPT, args: ['say begun', 'sleep 20000', exit 0]}]
        """);
    cluster.awaitPhase("ends", "Running");
    Instant from = Instant.now();
    proxy.down();
    LockSupport.parkNanos(OUTAGE.toNanos());
    proxy.up();
    Instant to = Instant.now();
    cluster.awaitPhase("ends", "Succeeded");
    Instant finished = Instant.parse(cluster.pod("ends").status().path("containerStatuses").path(0).path("state")
        .path("terminated").path("finishedAt").asString(""));
    assertTrue(finished.isAfter(from) && finished.isBefore(from.plusSeconds(60)), () -> "it ended at " + finished
        + "; the server was away from " + from + " to " + to);
    cluster.awaitReady();
    pod("later", "Always", "'/shared/later'");
    cluster.awaitPhase("later", "Running");
    runsOn("stays");
    System.out.println("calls in the minute after an outage of " + OUTAGE + ": "
        + proxy.calls().stream().filter(call -> call.at().isAfter(to)).count() + " "
        + kinds(proxy.calls().stream().filter(call -> call.at().isAfter(to)).toList()));
    cluster.judge();
  }

  @Test
  void watchesAreCut() throws Exception {
    for (int cut = 0; cut < 5; cut++) {
      Instant from = Instant.now();
      proxy.cutWatches();
      String name = "after-cut-" + cut;
      pod(name, "Always", "'/shared/" + name + "'");
      cluster.awaitPhase(name, "Running");
      cluster.delete(name);
      long lists = proxy.calls().stream().filter(call -> call.at().isAfter(from))
          .filter(call -> call.uri().getPath().equals("/api/v1/pods") && !call.watch()).count();
      assertTrue(lists <= 1, () -> lists + " lists of pods after a watch was cut");
    }
    runsOn("stays");
    cluster.judge();
  }

  @Test
  void everyThirdRequestIsRefusedWith429() throws Exception {
    lifeWhile(everyThird(new FaultProxy.Refuse(429, 1)));
  }

  @Test
  void everyThirdRequestFailsWith503() throws Exception {
    lifeWhile(everyThird(new FaultProxy.Refuse(503, 0)));
  }

  @Test
  void everyThirdRequestFailsWith500() throws Exception {
    lifeWhile(everyThird(new FaultProxy.Refuse(500, 0)));
  }

  @Test
  void everyThirdAnswerIsHalf() throws Exception {
    lifeWhile(everyThird(new FaultProxy.Half()));
  }

  @Test
  void everythingComesTwoSecondsLate() throws Exception {
    lifeWhile(call -> new FaultProxy.Pass(Duration.ofSeconds(2)));
  }

  @Test
  void watchesAreToldThatTheyAreTooOld() throws Exception {
    AtomicLong refused = new AtomicLong();
    proxy.fault(call -> call.watch() && refused.getAndIncrement() < 5
        ? new FaultProxy.Refuse(410, 0) : FaultProxy.Pass.AT_ONCE);
    proxy.cutWatches();
    pod("after", "Always", "'/shared/after'");
    cluster.awaitPhase("after", "Running");
    runsOn("stays");
    cluster.judge();
  }

  private static Function<Call, FaultProxy.Act> everyThird(FaultProxy.Act act) {
    AtomicLong number = new AtomicLong();
    return call -> number.getAndIncrement() % 3 == 2 ? act : FaultProxy.Pass.AT_ONCE;
  }

  /** Pods come, run, end and go while requests fail. */
  private void lifeWhile(Function<Call, FaultProxy.Act> fault) throws Exception {
    Instant from = Instant.now();
    proxy.fault(fault);
    proxy.cutWatches();
    pod("comes", "Always", "'/shared/comes'");
    pod("ends", "Never", "'/shared/ends', '3'");
    cluster.awaitPhase("comes", "Running");
    cluster.awaitPhase("ends", "Failed");
    cluster.delete("comes");
    cluster.delete("ends");
    proxy.heal();
    cluster.awaitReady();
    runsOn("stays");
    assertEquals(1, Files.readAllLines(cluster.shared().resolve("ends")).size());
    // it is renewed every ten seconds, and all of this may take less
    cluster.eventually("the lease is renewed", () -> cluster.watcher().of(Kind.LEASES, JoinedCluster.NODE).size() > 1);
    System.out.println("calls in " + Duration.between(from, Instant.now()).toSeconds() + " s: "
        + kinds(proxy.calls().stream().filter(call -> call.at().isAfter(from)).toList()));
    cluster.judge();
  }

  private static Map<String, Long> kinds(List<Call> calls) {
    return new TreeMap<>(calls.stream().collect(Collectors.groupingBy(
        call -> call.method() + (call.watch() ? " watch " : " ") + call.uri().getPath(), Collectors.counting())));
  }
}
