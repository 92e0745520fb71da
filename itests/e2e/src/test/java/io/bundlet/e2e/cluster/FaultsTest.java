package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.FaultProxy;
import io.bundlet.testkit.cluster.FaultProxy.Call;
import io.bundlet.testkit.cluster.TestCluster;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * What stands between a node and its API server fails in all manners; the pods run on, and what is told is right again
 * afterwards.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FaultsTest {
  /** How long a fault lasts at least, so that what is asked in a minute means something. */
  private static final Duration FAULTY = Duration.ofSeconds(30);
  /** In which nothing but the regular is asked. */
  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration OUTAGE = Duration.ofSeconds(Boolean.getBoolean("long") ? 600 : 90);

  private JoinedCluster cluster;
  private FaultProxy proxy;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent() && TestCluster.given().isEmpty(), JoinedCluster.OWN);
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
          tolerations: [{operator: Exists}] # a node that is away for long is not to be left
          containers: [{name: main, image: $STARTS, args: [$ARGS], volumeMounts: [{name: s, mountPath: /shared}]}]
          volumes: [{name: s, hostPath: {path: $HOME}}]
        """.replace("$NAME", name).replace("$POLICY", policy).replace("$ARGS", args));
  }

  private void runsOn(String pod) throws Exception {
    assertEquals(1, Files.readAllLines(cluster.shared().resolve(pod)).size(), pod + " was started again");
    assertEquals(0, cluster.pod(pod).status().path("containerStatuses").path(0).path("restartCount").asInt(-1));
  }

  /** Whether of each pod that counts its starts the cluster is told as many as there were. */
  private boolean startsAreTold(String... pods) throws Exception {
    for (String pod : pods) {
      int restarts = cluster.pod(pod).status().path("containerStatuses").path(0).path("restartCount").asInt(-1);
      if (restarts + 1 != Files.readAllLines(cluster.shared().resolve(pod)).size()) {
        return false;
      }
    }
    return true;
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
          tolerations: [{operator: Exists}]
          containers: [{name: main, image: $SCRIPT, args: ['say begun', 'sleep 30000', exit 0]}]
        """);
    pod("again", "OnFailure", "'/shared/again', '3'");
    cluster.awaitPhase("ends", "Running");
    cluster.eventually("it is restarted", () -> Files.readAllLines(cluster.shared().resolve("again")).size() >= 2);
    Instant before = Instant.now();
    LockSupport.parkNanos(QUIET.toNanos());
    Instant from = Instant.now();
    int starts = Files.readAllLines(cluster.shared().resolve("again")).size();
    proxy.down();
    LockSupport.parkNanos(OUTAGE.toNanos());
    assertTrue(Files.readAllLines(cluster.shared().resolve("again")).size() > starts,
        "nothing was restarted meanwhile");
    proxy.up();
    Instant to = Instant.now();
    cluster.awaitPhase("ends", "Succeeded");
    JsonNode ended = cluster.pod("ends").status().path("containerStatuses").path(0).path("state").path("terminated");
    Instant finished = Instant.parse(ended.path("finishedAt").asString(""));
    Duration lived = Duration.between(Instant.parse(ended.path("startedAt").asString("")), finished);
    assertTrue(lived.toSeconds() >= 29 && finished.isBefore(to), () -> "told that it ended at " + finished + " after "
        + lived + "; the server was away from " + from + " to " + to);
    cluster.awaitReady();
    pod("later", "Always", "'/shared/later'");
    cluster.awaitPhase("later", "Running");
    cluster.eventually("all pods are ready that run", () -> List.of("stays", "later").stream()
        .allMatch(pod -> cluster.pod(pod).condition("Ready").equals("True")));
    cluster.eventually("what is told is what was", () -> startsAreTold("stays", "later", "again"));
    runsOn("stays");
    LockSupport.parkNanos(Math.max(0, Duration.between(Instant.now(), to.plusSeconds(60)).toNanos()));
    Traffic.print(Traffic.of("before", before, from, proxy.calls()),
        Traffic.of("the minute after " + OUTAGE.toSeconds() + " s", to, to.plusSeconds(60), proxy.calls()));
    cluster.judge();
  }

  @Test
  void watchesAreCut() throws Exception {
    Instant begin = Instant.now();
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
    Traffic.print(Traffic.of("five cuts", begin, Instant.now(), proxy.calls()));
    cluster.judge();
  }

  @Test
  void everyThirdRequestIsRefusedWith429() throws Exception {
    lifeWhile("a third 429", everyThird(new FaultProxy.Refuse(429, 1)));
  }

  @Test
  void everyThirdRequestFailsWith503() throws Exception {
    lifeWhile("a third 503", everyThird(new FaultProxy.Refuse(503, 0)));
  }

  @Test
  void everyThirdRequestFailsWith500() throws Exception {
    lifeWhile("a third 500", everyThird(new FaultProxy.Refuse(500, 0)));
  }

  @Test
  void everyThirdAnswerIsHalf() throws Exception {
    lifeWhile("a third half", everyThird(new FaultProxy.Half()));
  }

  @Test
  void everythingComesTwoSecondsLate() throws Exception {
    lifeWhile("2 s late", call -> new FaultProxy.Pass(Duration.ofSeconds(2)));
  }

  @Test
  void watchesAreToldThatTheyAreTooOld() throws Exception {
    AtomicLong refused = new AtomicLong();
    Instant from = Instant.now();
    proxy.fault(call -> call.watch() && refused.getAndIncrement() < 5
        ? new FaultProxy.Refuse(410, 0) : FaultProxy.Pass.AT_ONCE);
    proxy.cutWatches();
    pod("after", "Always", "'/shared/after'");
    cluster.awaitPhase("after", "Running");
    runsOn("stays");
    Traffic.print(Traffic.of("410", from, Instant.now(), proxy.calls()));
    cluster.judge();
  }

  private static Function<Call, FaultProxy.Act> everyThird(FaultProxy.Act act) {
    AtomicLong number = new AtomicLong();
    return call -> number.getAndIncrement() % 3 == 2 ? act : FaultProxy.Pass.AT_ONCE;
  }

  /** Pods come, run, end and go while requests fail. */
  private void lifeWhile(String what, Function<Call, FaultProxy.Act> fault) throws Exception {
    Instant from = Instant.now();
    proxy.fault(fault);
    proxy.cutWatches();
    pod("comes", "Always", "'/shared/comes'");
    pod("ends", "Never", "'/shared/ends', '3'");
    cluster.awaitPhase("comes", "Running");
    cluster.awaitPhase("ends", "Failed");
    cluster.delete("comes");
    cluster.delete("ends");
    LockSupport.parkNanos(Duration.between(Instant.now(), from.plus(FAULTY)).toNanos());
    Instant to = Instant.now();
    proxy.heal();
    cluster.awaitReady();
    runsOn("stays");
    assertEquals(1, Files.readAllLines(cluster.shared().resolve("ends")).size());
    // it is renewed every ten seconds, and all of this may take less
    cluster.eventually("the lease is renewed", () -> cluster.watcher().of(Kind.LEASES, JoinedCluster.NODE).size() > 1);
    Traffic.print(Traffic.of(what, from, to, proxy.calls()));
    cluster.judge();
  }
}
