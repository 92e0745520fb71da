package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.bench.Footprint;
import io.bundlet.e2e.bench.SpeedTable;
import io.bundlet.e2e.outside.Machine;
import io.bundlet.e2e.peer.UpstreamKubelet;
import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ClusterWatcher;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * {@code ./check --cluster ClusterBenchmark}: pods that the real scheduler binds to a node. Times are those of a
 * watcher outside of the node, from the update in which a pod is scheduled to the first one in which it is Running;
 * requests are those of the API server's audit log. Control plane, watcher and nodes share the machine. The tables go
 * to {@code target/cluster-speed-*.txt}. {@code -Drounds=N} starts a single pod more or less often than ten times.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ClusterBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration IDLE = Duration.ofSeconds(60);
  /** Sorts behind all others. */
  private static final String ALL = "~ all together";
  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: $NAME}
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [$NODE]}]}]
        terminationGracePeriodSeconds: 1
      """;
  private static final String MODULE = POD + """
      runtimeClassName: wasi
      containers: [{name: main, image: $SCRIPT, args: ['say hello', run]}]
      """.indent(2);
  /** How servers from 1.21 on let each pod have its token; those before have one secret for all. */
  private static final String MODULE_WITH_TOKEN = POD + """
      runtimeClassName: wasi
      automountServiceAccountToken: false
      containers:
      - name: main
        image: $SCRIPT
        args: ['say hello', run]
        volumeMounts: [{name: kube-api-access, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]
      volumes:
      - name: kube-api-access
        projected:
          sources:
          - serviceAccountToken: {path: token, expirationSeconds: 3607}
          - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
          - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
      """.indent(2);
  private static final String CONTAINER = POD + """
      runtimeClassName: runc
      containers:
      - {name: main, image: $BOX, command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 100000 & wait"]}
      """.indent(2);

  private final int rounds = Integer.getInteger("rounds", 10);
  private final SpeedTable table = new SpeedTable();
  private final Map<String, Map<String, Double>> requests = new LinkedHashMap<>();
  private JoinedCluster cluster;
  private int made;

  /** What became of some pods that were made at once. */
  private record Burst(List<String> pods, double[] millis, double seconds, double cpu, Instant began) {}

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent() && TestCluster.given().isEmpty(), JoinedCluster.OWN);
    table.line("Bundlet in a cluster, " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
        + Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", load "
        + Files.readString(Path.of("/proc/loadavg")).strip());
  }

  @AfterEach
  void end(TestInfo test) throws Exception {
    if (cluster != null) {
      cluster.close();
      table.write(Path.of("target/cluster-speed-" + test.getTestMethod().orElseThrow().getName() + ".txt"));
    }
  }

  /** One pod, 100 and 300; and what a node costs that has them. */
  @Test
  void modules() throws Exception {
    cluster = new JoinedCluster(false);
    cluster.joined("--max-pods", "400", "--cri-endpoint", cluster.shared().resolve("none").toString());
    long node = cluster.node().pid();
    Machine before = Machine.now();
    List<String> idle = new ArrayList<>();
    times();
    Alone secret = new Alone("1 wasm pod, token of a secret", MODULE, JoinedCluster.NODE, node);
    Alone token = new Alone("1 wasm pod", MODULE_WITH_TOKEN, JoinedCluster.NODE, node);
    alone(List.of(secret, token));
    idle.add(idle("0 pods"));
    for (int count : List.of(100, 300)) {
      Burst burst = start(count, MODULE_WITH_TOKEN, JoinedCluster.NODE, node);
      times(count + " wasm pods at once", burst.millis());
      table.line(String.format(Locale.ROOT, "(%d pods: %.1f s from the first one's creation to the last one's Running,"
          + " %.1f CPU s of the node)", count, burst.seconds(), burst.cpu()));
      settle(JoinedCluster.NODE);
      requests.put(count + " wasm pods", share(JoinedCluster.NODE, burst.began(), count));
      idle.add(idle(count + " pods"));
      end(burst);
    }
    requests();
    table.line("");
    table.line("| idle | RSS, PSS | threads | CPU | API requests a minute |");
    table.line("|---|---|---|---|---|");
    idle.forEach(table::line);
    table.line(Machine.now().since(before));
    // tokens may be: the API server hears of a pod at the same time as the node, and does not wait for itself
    long refused = cluster.audit().of(JoinedCluster.NODE).stream()
        .filter(each -> each.code() >= 400 && each.code() != 404)
        .peek(each -> System.out.println("refused: " + each)).count();
    table.line("requests that were refused: " + refused);
  }

  /** Containers, in turn by this node and by the Kubernetes project's kubelet, each with a containerd of its own. */
  @Test
  @EnabledIfSystemProperty(named = "peer.kubelet", matches = ".+")
  void containersBesideTheOtherKubelet() throws Exception {
    assumeTrue(Containerd.available(), "needs containerd");
    cluster = new JoinedCluster().joined();
    Machine before = Machine.now();
    Path home = Files.createTempDirectory("peer");
    try (Containerd containerd = Containerd.start(home.resolve("c"));
        UpstreamKubelet kubelet = new UpstreamKubelet(
            Path.of(System.getProperty("peer.kubelet")), home.resolve("k"), Path.of("target/cluster-peer.log"),
            containerd.endpoint(), List.of(
                "--kubeconfig=" + cluster.plane().nodeKubeconfig(UpstreamKubelet.NODE, cluster.plane().server())))) {
      cluster.eventually("the other node is ready", () -> cluster.watcher()
          .latest(ClusterWatcher.Kind.NODES, UpstreamKubelet.NODE)
          .filter(node -> node.condition("Ready").equals("True")).isPresent());
      times();
      alone(List.of(
          new Alone("1 container pod, Bundlet", CONTAINER, JoinedCluster.NODE, cluster.node().pid()),
          new Alone("1 container pod, kubelet 1.20", CONTAINER, UpstreamKubelet.NODE, kubelet.pid())));
      requests();
      table.line(Machine.now().since(before));
    } finally {
      Distribution.remove(home);
    }
  }

  private void times() {
    table.line("");
    table.line("| from scheduled to Running, seen by a watcher, ms | p50 | quartiles | p99 | min - max | n |");
    table.line("|---|---|---|---|---|---|");
  }

  private void times(String what, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    table.line(String.format(Locale.ROOT, "| %s | %.0f | %.0f - %.0f | %.0f | %.0f - %.0f | %d |", what,
        SpeedTable.at(sorted, 0.5), SpeedTable.at(sorted, 0.25), SpeedTable.at(sorted, 0.75),
        SpeedTable.at(sorted, 0.99), sorted[0], sorted[sorted.length - 1], sorted.length));
  }

  /** What is started one pod after another. */
  private static final class Alone {
    final String what;
    final String manifest;
    final String node;
    final long process;
    final List<Double> millis = new ArrayList<>();
    final List<Double> cpu = new ArrayList<>();
    final Map<String, Double> requests = new TreeMap<>();

    Alone(String what, String manifest, String node, long process) {
      this.what = what;
      this.manifest = manifest;
      this.node = node;
      this.process = process;
    }
  }

  /** All kinds in turn, so that each meets the same machine. */
  private void alone(List<Alone> kinds) throws Exception {
    for (int round = -1; round < rounds; round++) {
      for (Alone kind : round % 2 == 0 ? kinds : kinds.reversed()) {
        Burst burst = start(1, kind.manifest, kind.node, kind.process);
        settle(kind.node);
        if (round >= 0) { // the first one loads classes
          kind.millis.add(burst.millis()[0]);
          kind.cpu.add(burst.cpu());
          share(kind.node, burst.began(), rounds)
              .forEach((what, count) -> kind.requests.merge(what, count, Double::sum));
        }
        end(burst);
      }
    }
    for (Alone kind : kinds) {
      times(kind.what, kind.millis.stream().mapToDouble(Double::doubleValue).toArray());
      requests.put(kind.what, kind.requests);
    }
    for (Alone kind : kinds) {
      table.line(String.format(Locale.ROOT, "(%s: %.0f ms of the node's CPU on average)", kind.what,
          kind.cpu.stream().mapToDouble(Double::doubleValue).average().orElse(0) * 1000));
    }
  }

  private Burst start(int count, String manifest, String node, long process) throws Exception {
    List<String> pods = Stream.generate(() -> "pod-" + made++).limit(count).toList();
    Instant began = Instant.now();
    double cpu = Footprint.cpuSeconds(process);
    try (ExecutorService makers = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (String pod : pods) {
        all.add(makers.submit(() -> {
          cluster.create(manifest.replace("$NAME", pod).replace("$NODE", node));
          return null;
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    // looks seldom: the processors are shared
    Eventually.until(count + " pods run", LIMIT, Duration.ofMillis(count == 1 ? 50 : 500),
        () -> lives().keySet().containsAll(pods));
    Map<String, Double> lives = lives();
    double[] millis = pods.stream().mapToDouble(lives::get).toArray();
    double last = cluster.watcher().of(ClusterWatcher.Kind.PODS).stream()
        .filter(update -> lives.containsKey(update.name()) && update.phase().equals("Running"))
        .collect(Collectors.toMap(Update::name, Update::at, (first, later) -> first)).values().stream()
        .mapToLong(at -> Duration.between(began, at).toMillis()).max().orElse(0) / 1e3;
    return new Burst(pods, millis, last, Footprint.cpuSeconds(process) - cpu, began);
  }

  /** Milliseconds from scheduled to Running, of the pods that have come so far. */
  private Map<String, Double> lives() {
    Map<String, Instant> scheduled = new TreeMap<>();
    Map<String, Double> running = new TreeMap<>();
    for (Update update : cluster.watcher().of(ClusterWatcher.Kind.PODS)) {
      String pod = update.name();
      if (!update.object().path("spec").path("nodeName").asString("").isEmpty()) {
        scheduled.putIfAbsent(pod, update.at());
      }
      if (update.phase().equals("Running")) {
        running.putIfAbsent(pod, Duration.between(scheduled.get(pod), update.at()).toNanos() / 1e6);
      }
    }
    return running;
  }

  private void end(Burst burst) throws Exception {
    try (ExecutorService enders = Executors.newFixedThreadPool(8)) {
      burst.pods().forEach(pod -> enders.submit(() -> {
        cluster.admin().delete("/api/v1/namespaces/default/pods/" + pod, "");
        return null;
      }));
    }
    Eventually.until("all are gone", LIMIT, Duration.ofMillis(200), () -> cluster.watcher().living().isEmpty());
  }

  /** Waits until the node has said what it has to say. */
  private void settle(String node) throws IOException {
    long seen = -1;
    for (long now = asked(node, Instant.MIN).size(); now != seen; now = asked(node, Instant.MIN).size()) {
      seen = now;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1500));
    }
  }

  /** What the node asked because of pods, and not because it is a node. */
  private List<AuditLog.Request> asked(String node, Instant since) throws IOException {
    return cluster.audit().of(node).stream().filter(each -> each.at().isAfter(since))
        .filter(each -> !each.resource().startsWith("nodes") && !each.resource().equals("leases")).toList();
  }

  private Map<String, Double> share(String node, Instant since, int pods) throws IOException {
    Map<String, Double> share = new TreeMap<>();
    asked(node, since).forEach(each -> share.merge(each.verb() + " " + each.resource(), 1.0 / pods, Double::sum));
    share.put(ALL, share.values().stream().mapToDouble(Double::doubleValue).sum());
    return share;
  }

  private void requests() {
    table.line("");
    table.line("| API requests a pod's start | " + String.join(" | ", requests.keySet()) + " |");
    table.line("|---|" + "---|".repeat(requests.size()));
    requests.values().stream().flatMap(each -> each.keySet().stream()).distinct().sorted()
        .forEach(what -> table.line("| " + what + " | " + requests.values().stream()
            .map(each -> String.format(Locale.ROOT, "%.2f", each.getOrDefault(what, 0.0)))
            .collect(Collectors.joining(" | ")) + " |"));
  }

  /** What the node costs while nothing happens. */
  private String idle(String what) throws IOException {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
    Instant since = Instant.now();
    long pid = cluster.node().pid();
    Footprint one = Footprint.of(pid);
    LockSupport.parkNanos(IDLE.toNanos());
    Footprint other = Footprint.of(pid);
    Map<String, Integer> asked = new TreeMap<>();
    cluster.audit().of(JoinedCluster.NODE).stream().filter(each -> each.at().isAfter(since))
        .forEach(each -> asked.merge(each.verb() + " " + each.resource(), 1, Integer::sum));
    long threads;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      threads = tasks.count();
    }
    return String.format(Locale.ROOT, "| %s | %s | %d | %.2f %% | %d: %s |", what, other, threads,
        (other.cpuSeconds() - one.cpuSeconds()) / IDLE.toSeconds() * 100,
        asked.values().stream().mapToInt(Integer::intValue).sum(), asked);
  }
}
