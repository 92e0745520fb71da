package io.bundlet.e2e.bench;

import io.bundlet.e2e.outside.LineClient;
import io.bundlet.e2e.outside.Machine;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RawPods;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The table of speed. {@code -Drounds=N} measures more or less often than ten times. */
@EnabledIfSystemProperty(named = "bench", matches = "true")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SpeedBenchmark {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MANY = 100;

  private final int rounds = Integer.getInteger("rounds", 10);
  private final SpeedTable table = new SpeedTable();
  private Path home;
  private NodeProcess node;

  @BeforeEach
  void begin() throws IOException {
    home = Files.createTempDirectory("speed");
    table.line("Bundlet, " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
        + Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", load "
        + Files.readString(Path.of("/proc/loadavg")).strip());
  }

  @AfterEach
  void end() throws IOException {
    if (node != null) {
      node.close();
    }
    Distribution.remove(home);
    table.write(Path.of(System.getProperty("speed.table", "target/speed.txt")));
  }

  @Test
  void speed() throws Exception {
    starts();
    pods();
    memory();
  }

  /** A start with a pod in the folder of manifests: of a new node, and of the same node again with another pod. */
  private void starts() throws Exception {
    Machine before = Machine.now();
    for (int round = 0; round < rounds; round++) {
      Path place = home.resolve("start" + round);
      node = new NodeProcess(Distribution.built(), place, "--cri-endpoint", place.resolve("none").toString());
      for (String which : List.of("new node", "same node again")) {
        String pod = which.equals("new node") ? "one" : "two";
        try (FirstByte first = new FirstByte(place.resolve(pod))) {
          node.manifest("pod.yaml", wasi(pod, place.resolve(pod)));
          long start = System.nanoTime();
          node.start();
          NodeShell shell = new NodeShell(node.data());
          Eventually.until("the node answers", LIMIT, () -> shell.ask("node:info").contains("Version"));
          long ready = System.nanoTime();
          double cpuReady = Footprint.cpuSeconds(node.pid());
          long byteAt = first.await();
          table.addMillis(which + ": process start to node ready, ms", start, ready);
          table.addMillis(which + ": process start to guest's first byte, ms", start, byteAt);
          table.add(which + ": CPU s of the process until ready", cpuReady);
          table.add(which + ": CPU s of the process until first byte", Footprint.cpuSeconds(node.pid()));
        }
        node.stop(LIMIT);
      }
      Distribution.remove(place);
    }
    table.print("start, " + Machine.now().since(before));
  }

  private void pods() throws Exception {
    Path place = home.resolve("pods");
    if (!Containerd.available()) {
      table.line("(no containerd, or not root: no containers)");
      node = new NodeProcess(Distribution.built(), place, "--cri-endpoint", place.resolve("none").toString());
      node.start().awaitReady();
      rounds(place, null);
      node.stop(LIMIT);
      return;
    }
    try (Containerd containerd = Containerd.start(home.resolve("c"))) {
      node = new NodeProcess(Distribution.built(), place, "--cri-endpoint", containerd.socket().toString());
      node.start().awaitReady();
      Eventually.until("containers can run", LIMIT,
          () -> new NodeShell(node.data()).ask("node:info").contains("runc"));
      rounds(place, new RawPods(containerd.client(), home.resolve("raw"), false));
      node.stop(LIMIT);
    }
  }

  /** All kinds in turn, and bare CRI beside the container, so that each meets the same machine. */
  private void rounds(Path place, RawPods raw) throws Exception {
    Machine before = Machine.now();
    // one round to warm up everybody
    for (int round = -1; round < rounds; round++) {
      boolean counts = round >= 0;
      measure(counts, "wasi: manifest renamed in to first byte, ms", wasiStart(place, "w" + round));
      measure(counts, "actor: manifest renamed in to first answered line, ms", actorStart("a" + round));
      if (raw != null) {
        boolean rawFirst = round % 2 == 0;
        if (rawFirst) {
          measure(counts, "raw CRI (sandbox, create, start) to first byte, ms", rawStart(place, raw));
        }
        measure(counts, "container: manifest renamed in to first byte, ms", boxStart(place, "c" + round));
        if (!rawFirst) {
          measure(counts, "raw CRI (sandbox, create, start) to first byte, ms", rawStart(place, raw));
        }
      }
    }
    table.print("pods, " + Machine.now().since(before));
  }

  private void measure(boolean counts, String what, long nanos) {
    if (counts) {
      table.add(what, nanos / 1e6);
    }
  }

  private long wasiStart(Path place, String pod) throws Exception {
    return fifoStart(pod, place.resolve(pod), wasi(pod, place.resolve(pod)));
  }

  private long boxStart(Path place, String pod) throws Exception {
    String script = "echo x > /out/" + FirstByte.NAME + "; trap 'exit 0' TERM; sleep 1000 & wait";
    Path out = place.resolve(pod);
    return fifoStart(pod, out, Manifests.busybox(pod, script).mount("/out", out).grace(1).yaml());
  }

  private long fifoStart(String pod, Path out, String yaml) throws Exception {
    try (FirstByte first = new FirstByte(out)) {
      long begin = System.nanoTime();
      node.manifest(pod + ".yaml", yaml);
      long took = first.await() - begin;
      withdraw(pod);
      return took;
    }
  }

  private long actorStart(String pod) throws Exception {
    int port = freePort();
    String yaml = Manifests.actor(pod, echo(), port).grace(1).yaml();
    long begin = System.nanoTime();
    node.manifest(pod + ".yaml", yaml);
    String answer = askSoon(port);
    long took = System.nanoTime() - begin;
    if (!answer.contains("there")) {
      throw new IOException("the actor answered " + answer);
    }
    withdraw(pod);
    return took;
  }

  private static String askSoon(int port) throws IOException {
    long limit = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try (LineClient client = new LineClient(port, 10_000)) {
        return client.ask("echo there");
      } catch (IOException notYet) {
        if (System.nanoTime() > limit) {
          throw notYet;
        }
        LockSupport.parkNanos(500_000);
      }
    }
  }

  private long rawStart(Path place, RawPods raw) throws Exception {
    Path out = place.resolve("raw");
    try (FirstByte first = new FirstByte(out)) {
      long begin = System.nanoTime();
      RawPods.Started pod = raw.run(Containerd.BUSYBOX_IMAGE,
          List.of("/bin/sh", "-c", "echo x > /out/" + FirstByte.NAME + "; trap 'exit 0' TERM; sleep 1000 & wait"), out,
          "/out");
      long took = first.await() - begin;
      raw.remove(pod);
      return took;
    }
  }

  private void withdraw(String pod) throws IOException {
    node.withdraw(pod + ".yaml");
    NodeShell shell = new NodeShell(node.data());
    Eventually.until(pod + " is gone", LIMIT, () -> !shell.pod(pod).exists());
  }

  /** Idle, and with many pods; also what doing nothing costs. */
  private void memory() throws Exception {
    Machine before = Machine.now();
    Path place = home.resolve("memory");
    node = new NodeProcess(Distribution.built(), place, "--cri-endpoint", place.resolve("none").toString());
    node.start().awaitReady();
    table.line("");
    idle("no pods");
    Path out = Files.createDirectories(place.resolve("out"));
    long begin = System.nanoTime();
    double cpu = Footprint.cpuSeconds(node.pid());
    for (int i = 0; i < MANY; i++) {
      node.manifest("p" + i + ".yaml", Manifests.wasi("p" + i, Distribution.guest("starts"))
          .args("/out/p" + i).mount("/out", out).grace(1).yaml());
    }
    Eventually.until("all have started", Duration.ofMinutes(3), () -> {
      try (Stream<Path> files = Files.list(out)) {
        return files.count() == MANY;
      }
    });
    table.line(String.format(Locale.ROOT, "%d wasi pods, all manifests renamed in at once: %.1f s to the last one's"
        + " first byte, %.1f CPU s", MANY, (System.nanoTime() - begin) / 1e9, Footprint.cpuSeconds(node.pid()) - cpu));
    idle(MANY + " wasi pods");
    node.stop(LIMIT);
    table.line("memory and idleness: " + Machine.now().since(before));
  }

  private void idle(String what) throws IOException {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    Footprint one = Footprint.of(node.pid());
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20));
    Footprint other = Footprint.of(node.pid());
    long threads;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + node.pid() + "/task"))) {
      threads = tasks.count();
    }
    table.line(String.format(Locale.ROOT, "%s: %s, %d threads, %.2f %% of a processor while idle", what, other,
        threads, (other.cpuSeconds() - one.cpuSeconds()) / 20 * 100));
  }

  private static String wasi(String pod, Path out) {
    return Manifests.wasi(pod, Distribution.guest("starts")).args("/out/" + FirstByte.NAME).mount("/out", out).grace(1)
        .yaml();
  }

  private static Path echo() {
    return Distribution.repository().resolve("runtime/examples/echo/echo.wasm");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
