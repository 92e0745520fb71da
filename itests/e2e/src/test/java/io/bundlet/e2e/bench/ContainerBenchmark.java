package io.bundlet.e2e.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Machine;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.peer.UpstreamKubelet;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RuntimeProxy;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Containers: by the three CRI calls alone ("raw"), by Bundlet, and, with {@code -Dpeer.kubelet=FILE}, by the
 * Kubernetes project's kubelet with the same manifests. {@code -Drounds=N} measures more or less often than ten times.
 *
 * <p><b>Starts.</b> That a pod runs its guest says, by a line in a FIFO that all have in common. The time begins before
 * the first call, or before the manifest is written and renamed into the folder. Rounds are interleaved: each has one
 * start of everybody, in an order that moves on, so that each is first as often as others; the first round does not
 * count. Nobody starts before nothing of the others' pods is left.
 *
 * <p><b>Two runtimes.</b> The other kubelet ends whatever it does not know on its socket, so it has a containerd of its
 * own. Raw pods and Bundlet's share one: Bundlet leaves others' pods alone, and sees them only where a list without
 * a filter would be asked for. That both containerds are as fast is shown by raw pods in the other one, before its
 * kubelet begins. All processes live all the time, so each is measured beside the others' idle ones.
 *
 * <p><b>Many at once.</b> Raw pods are made by as many threads as turned out to be best in trials before the rounds.
 *
 * <p><b>Idle, exits, the path of a pod.</b> For these both kubelets are started again on sockets of a proxy that counts
 * calls. It is in the way of each call (some 1 ms), which is why starts are not measured there; the path of a pod is.
 */
@EnabledIfSystemProperty(named = "bench", matches = "true")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ContainerBenchmark {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MANY = 20;
  private static final int[] THREADS = {2, 4, 8, MANY};

  private final int rounds = Integer.getInteger("rounds", 10);
  private final String peer = System.getProperty("peer.kubelet", "");
  private final SpeedTable table = new SpeedTable();
  private final Goals goals = new Goals();
  private Path home;
  private Containerd ours;
  private Containerd theirs;
  private NodeProcess node;
  private UpstreamKubelet kubelet;
  private int made;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(Containerd.available(), "needs containerd, and root");
    home = Files.createTempDirectory("boxes");
    table.line("Containers, " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
        + Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", load "
        + Files.readString(Path.of("/proc/loadavg")).strip());
    ours = Containerd.start(home.resolve("c"));
    theirs = peer.isEmpty() ? null : Containerd.start(home.resolve("d"));
  }

  @AfterEach
  void end() throws Exception {
    if (home == null) {
      return;
    }
    stop();
    for (Containerd containerd : theirs == null ? List.of(ours) : List.of(ours, theirs)) {
      containerd.close();
    }
    Distribution.remove(home);
    table.write(Path.of("target/container-speed.txt"));
  }

  @Test
  void containers() throws Exception {
    Machine before = Machine.now();
    if (theirs != null) {
      bothRuntimes();
    } else {
      table.line("(no other kubelet: ./check --peer builds it)");
    }
    RawContender raw = new RawContender(ours, home.resolve("raw"));
    List<Contender> all = new ArrayList<>(List.of(raw));
    all.addAll(start("direct", ours.socket(), theirs == null ? null : theirs.socket()));
    parallelism(raw);
    Comparison one = new Comparison();
    Comparison many = new Comparison();
    for (int round = -1; round < rounds; round++) {
      round(all, 1, round, one);
      round(all, MANY, round, many);
    }
    stop();
    table.line("");
    table.line("| start, ms (median [quartiles]) | who | time | ratio to raw in the same round | ms more than raw |");
    table.line("|---|---|---|---|---|");
    one.print(table, "1 pod", "raw");
    many.print(table, MANY + " pods at once, the last one", "raw");
    goals.add("1 pod: ms more than raw", one.difference("Bundlet", "raw"), 15);
    goals.add(MANY + " pods: ratio to raw", many.ratio("Bundlet", "raw"), 1.10);
    behindProxies();
    goals.print(table);
    table.line(rounds + " rounds; " + Machine.now().since(before));
  }

  private void bothRuntimes() throws Exception {
    RawContender here = new RawContender(ours, home.resolve("raw"));
    RawContender there = new RawContender(theirs, home.resolve("raw"));
    double[][] millis = new double[2][5];
    for (int round = -1; round < 5; round++) {
      long[] took = {took(here, 1), took(there, 1)};
      for (int i = 0; i < 2 && round >= 0; i++) {
        millis[i][round] = took[i] / 1e6;
      }
    }
    for (double[] each : millis) {
      Arrays.sort(each);
    }
    table.line(String.format(Locale.ROOT, "raw pods in both containerds, median of 5: %.0f ms and %.0f ms",
        millis[0][2], millis[1][2]));
  }

  /** Starts the kubelets on these sockets. */
  private List<NodeContender> start(String place, Path ourSocket, Path theirSocket) throws Exception {
    List<NodeContender> started = new ArrayList<>();
    node = new NodeProcess(Distribution.built(), home.resolve(place), "--cri-endpoint", ourSocket.toString(),
        "--default-handler", "runc");
    node.start().awaitReady();
    Eventually.until("containers can run", LIMIT, () -> new NodeShell(node.data()).ask("node:info").contains("runc"));
    started.add(NodeContender.of(node, ours.client()));
    if (theirSocket != null) {
      kubelet = new UpstreamKubelet(Path.of(peer), home.resolve(place + "-peer"), Path.of("target/bench-peer.log"),
          "unix://" + theirSocket, List.of());
      started.add(NodeContender.of(kubelet, theirs.client()));
    }
    return started;
  }

  private void stop() throws Exception {
    if (node != null) {
      node.stop(LIMIT);
      node.close();
      node = null;
    }
    if (kubelet != null) {
      kubelet.close();
      kubelet = null;
    }
  }

  private void parallelism(RawContender raw) throws Exception {
    int best = 0;
    long least = Long.MAX_VALUE;
    StringBuilder tried = new StringBuilder();
    for (int again = 0; again < 2; again++) {
      for (int threads : THREADS) {
        raw.parallel(threads);
        long took = took(raw, MANY);
        tried.append(String.format(Locale.ROOT, ", %d: %.0f", threads, took / 1e6));
        if (took < least) {
          least = took;
          best = threads;
        }
      }
    }
    raw.parallel(best);
    table.line("raw, " + MANY + " pods, ms by threads" + tried + "; taken: " + best);
  }

  private void round(List<Contender> all, int pods, int round, Comparison comparison) throws Exception {
    Map<String, Long> times = new LinkedHashMap<>();
    all.forEach(each -> times.put(each.name(), 0L));
    for (int i = 0; i < all.size(); i++) {
      Contender turn = all.get(Math.floorMod(i + round, all.size()));
      times.put(turn.name(), took(turn, pods));
    }
    if (round >= 0) { // the first one warms everybody up
      times.forEach(comparison::add);
    }
  }

  private long took(Contender contender, int count) throws Exception {
    List<String> pods = names(count);
    Path said = home.resolve("said");
    try (Arrivals arrivals = new Arrivals(said, count)) {
      long begin = System.nanoTime();
      contender.run(pods, said);
      long took = arrivals.await() - begin;
      contender.end(pods);
      return took;
    }
  }

  private List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "box" + made++).toList();
  }

  private void behindProxies() throws Exception {
    try (RuntimeProxy ourProxy = new RuntimeProxy(home.resolve("p.sock"), ours.socket());
        RuntimeProxy theirProxy =
            theirs == null ? null : new RuntimeProxy(home.resolve("q.sock"), theirs.socket())) {
      List<NodeContender> kubelets =
          start("proxied", ourProxy.socket(), theirProxy == null ? null : theirProxy.socket());
      List<CallLog> logs = new ArrayList<>(List.of(new CallLog(ourProxy)));
      if (theirProxy != null) {
        logs.add(new CallLog(theirProxy));
      }
      KubeletObservations seen =
          new KubeletObservations(kubelets, logs, home.resolve("said"), () -> names(1).getFirst(), table, goals);
      seen.paths(rounds);
      seen.idle(MANY);
      seen.exits(MANY);
      stop();
    }
  }
}
