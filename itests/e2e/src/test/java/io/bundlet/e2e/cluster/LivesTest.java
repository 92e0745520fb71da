package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.node.BundleVariant;
import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is killed, and bundles that are exchanged, as the cluster sees it. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LivesTest {
  private static final Duration MOST_BETWEEN_RENEWALS = Duration.ofSeconds(12);

  private final List<Caller> callers = new ArrayList<>();
  private JoinedCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    cluster = new JoinedCluster().joined();
    assumeTrue(cluster.containerd().isPresent(), "needs containerd");
  }

  @AfterEach
  void end() throws Exception {
    callers.forEach(Caller::close);
    if (cluster != null) {
      cluster.close();
    }
  }

  private void module(String name) throws IOException {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME, labels: {kind: module}}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: $SCRIPT, args: [run]}]
        """.replace("$NAME", name));
  }

  private void box(String name) throws IOException {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME, labels: {kind: box}}
        spec:
          nodeName: test-node
          runtimeClassName: runc
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: $BOX
            command: [/bin/sh, -c, "sleep 100000"]
            readinessProbe: {periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 10, exec: {command: ['true']}}
        """.replace("$NAME", name));
  }

  /** Gives back each line. @return its port */
  private int serving(String name) throws IOException {
    int port = JoinedCluster.freePort();
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME, labels: {kind: box}}
        spec:
          nodeName: test-node
          runtimeClassName: runc
          hostNetwork: true
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: $BOX
            command: [/bin/sh, -c, "exec nc -ll -p $PORT -e /bin/cat"]
        """.replace("$NAME", name).replace("$PORT", "" + port));
    return port;
  }

  /** Gives back each line. @return its port */
  private int actor(String name) throws IOException {
    int port = JoinedCluster.freePort();
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME, labels: {kind: actor}}
        spec:
          nodeName: test-node
          runtimeClassName: wascc
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: 'file:$ECHO', ports: [{name: line, containerPort: $PORT}]}]
        """.replace("$NAME", name).replace("$PORT", "" + port)
        .replace("$ECHO", Distribution.repository().resolve("runtime/examples/echo/echo.wasm").toString()));
    return port;
  }

  private void allReady(int count) throws IOException {
    cluster.eventually("all " + count + " are ready", () -> cluster.watcher().living().stream()
        .filter(pod -> pod.condition("Ready").equals("True")).count() == count);
  }

  @Test
  void aNodeIsKilledWithFiftyPods() throws Exception {
    int modules = 35;
    for (int i = 0; i < modules; i++) {
      module("module-" + i);
    }
    for (int i = 0; i < 8; i++) {
      box("box-" + i);
    }
    Map<String, Integer> ports = new TreeMap<>(Map.of("box-serves-0", serving("box-serves-0"), "box-serves-1",
        serving("box-serves-1")));
    for (int i = 0; i < 5; i++) {
      actor("actor-" + i);
    }
    allReady(modules + 15);
    Map<String, String> containers = boxes();
    ports.forEach((pod, port) -> callers.add(new Caller(pod, port)));
    cluster.eventually("they answer", () -> Caller.Heard.all(callers).answers() > 0);
    Caller.Heard.all(callers);
    cluster.node().kill9();
    Instant killed = Instant.now();
    cluster.node().start();
    cluster.eventually("the lease is renewed", () -> !renewalsAfter(killed).isEmpty());
    Duration silent = Duration.between(killed, renewalsAfter(killed).getFirst());
    cluster.node().awaitReady();
    cluster.eventually("modules and actors were restarted and are ready", () -> cluster.watcher().living().stream()
        .allMatch(pod -> pod.condition("Ready").equals("True")
            && restarts(pod) == (pod.name().startsWith("box") ? 0 : 1)));
    Duration whole = Duration.between(killed, Instant.now());
    Caller.Heard heard = Caller.Heard.all(callers);
    System.out.println("| kill -9 with 50 pods | lease renewed after | all ready after | calls of containers | refused "
        + "| failed | longest silence |\n| | " + silent.toMillis() + " ms | " + whole.toMillis() + " ms | "
        + heard.answers() + " | " + heard.refused().size() + " | " + heard.failed().size() + " | "
        + heard.longest().toMillis() + " ms |");
    assertEquals(containers, boxes(), "containers are not the same as before");
    assertEquals(List.of(), flips("box"), "containers were not ready for a while");
    assertEquals(List.of(), heard.refused());
    assertEquals(List.of(), heard.failed());
    assertTrue(neverUnready(), "the node was not ready for a while");
    noSandboxTwice();
    cluster.judge();
    assertTrue(silent.compareTo(MOST_BETWEEN_RENEWALS) <= 0, () -> "the lease was renewed only after " + silent);
  }

  @Test
  void bundlesAreExchangedWhilePodsComeAndGo() throws Exception {
    for (int i = 0; i < 4; i++) {
      module("stays-" + i);
      box("box-stays-" + i);
    }
    Map<String, Integer> ports = new TreeMap<>(Map.of("box-stays-serves", serving("box-stays-serves"),
        "actor-stays", actor("actor-stays")));
    allReady(10);
    Map<String, String> containers = boxes();
    ports.forEach((pod, port) -> callers.add(new Caller(pod, port)));
    List<String> table = new ArrayList<>(List.of("| exchanged | calls | refused | failed | longest silence |"
        + " longest time between renewals so far |", "|---|---|---|---|---|---|"));
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String bundle : List.of("io.bundlet.core", "io.bundlet.apiserver", "io.bundlet.cri.provider",
        "io.bundlet.wasi.provider", "io.bundlet.wascc.provider")) {
      number++;
      List<String> coming = new ArrayList<>();
      List<String> going = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        going.add("going-" + number + "-" + i);
        module(going.getLast());
      }
      allReady(15);
      Caller.Heard.all(callers);
      for (String pod : going) {
        cluster.admin().delete("/api/v1/namespaces/default/pods/" + pod, "");
      }
      for (int i = 0; i < 20; i++) {
        coming.add("coming-" + number + "-" + i);
        switch (i % 5) {
          case 3 -> actor(coming.getLast());
          case 4 -> box(coming.getLast());
          default -> module(coming.getLast());
        }
      }
      exchange(bundle, "0.1." + (100 + number));
      allReady(30);
      Caller.Heard heard = Caller.Heard.all(callers);
      problems.addAll(heard.refused());
      problems.addAll(heard.failed());
      table.add("| " + bundle + " | " + heard.answers() + " | " + heard.refused().size() + " | "
          + heard.failed().size() + " | " + heard.longest().toMillis() + " ms | " + longestBetweenRenewals().toMillis()
          + " ms |");
      for (String pod : coming) {
        cluster.admin().delete("/api/v1/namespaces/default/pods/" + pod, "");
      }
      cluster.eventually("those that came are gone", () -> cluster.watcher().living().size() == 10);
    }
    table.forEach(System.out::println);
    for (String stays : List.of("stays", "box-stays", "actor-stays")) {
      assertEquals(List.of(), flips(stays), "pods that run on were not ready for a while");
    }
    assertEquals(List.of(), problems, "calls of pods that run on were not answered");
    Map<String, String> after = boxes();
    containers.forEach((pod, id) -> assertEquals(id, after.get(pod), pod + " is not the same container"));
    assertTrue(cluster.watcher().living().stream().allMatch(pod -> restarts(pod) == 0), "pods were restarted");
    assertTrue(neverUnready(), "the node was not ready for a while");
    noSandboxTwice();
    cluster.judge();
    Duration longest = longestBetweenRenewals();
    assertTrue(longest.compareTo(MOST_BETWEEN_RENEWALS) <= 0, () -> "the lease was not renewed for " + longest);
  }

  private void exchange(String bundle, String version) throws Exception {
    Distribution built = Distribution.built();
    Path jar = cluster.shared().resolve(bundle + ".jar");
    BundleVariant.of(built.bundles().get(bundle), version, jar);
    cluster.node().plugin(bundle + ".jar", jar);
    cluster.eventually(bundle + " is exchanged",
        () -> cluster.node().shell("lb").output().contains(version));
  }

  private static int restarts(Update pod) {
    return pod.status().path("containerStatuses").path(0).path("restartCount").asInt(-1);
  }

  /** The running containers, by pod, by what the cluster is told. */
  private Map<String, String> boxes() {
    return new TreeMap<>(cluster.watcher().living().stream().filter(pod -> pod.name().startsWith("box"))
        .collect(Collectors.toMap(Update::name, pod -> pod.status().path("containerStatuses").path(0)
            .path("containerID").asString(""))));
  }

  /** When pods that had been ready were told not to be. */
  private List<String> flips(String prefix) {
    List<String> flips = new ArrayList<>();
    cluster.watcher().pods().values().stream().filter(life -> life.getFirst().name().startsWith(prefix))
        .forEach(life -> {
          boolean ready = false;
          for (Update update : life) {
            boolean now = update.condition("Ready").equals("True");
            if (ready && !now && !update.object().path("metadata").has("deletionTimestamp")) {
              flips.add(update.name() + " at " + update.at());
            }
            ready = now;
          }
        });
    return flips;
  }

  private boolean neverUnready() {
    List<Update> life = cluster.watcher().of(Kind.NODES, JoinedCluster.NODE);
    int first = 0;
    while (!life.get(first).condition("Ready").equals("True")) {
      first++;
    }
    return life.subList(first, life.size()).stream().allMatch(update -> update.condition("Ready").equals("True"));
  }

  private List<Instant> renewals() {
    return cluster.watcher().of(Kind.LEASES, JoinedCluster.NODE).stream()
        .map(update -> Instant.parse(update.object().path("spec").path("renewTime").asString(""))).toList();
  }

  private List<Instant> renewalsAfter(Instant when) {
    return renewals().stream().filter(when::isBefore).toList();
  }

  private Duration longestBetweenRenewals() {
    Duration longest = Duration.ZERO;
    Instant before = null;
    for (Instant renewed : renewals()) {
      if (before != null && Duration.between(before, renewed).compareTo(longest) > 0) {
        longest = Duration.between(before, renewed);
      }
      before = renewed;
    }
    return longest;
  }

  private void noSandboxTwice() {
    Map<String, Long> sandboxes = cluster.containerd().orElseThrow().client().runtime()
        .listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList().stream()
        .filter(sandbox -> sandbox.getState() == PodSandboxState.SANDBOX_READY)
        .collect(Collectors.groupingBy(sandbox -> sandbox.getMetadata().getUid(), Collectors.counting()));
    assertTrue(sandboxes.values().stream().allMatch(count -> count == 1), sandboxes::toString);
  }
}
