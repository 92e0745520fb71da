package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A provider or engine is installed, runs a pod, and is removed, again and again: nothing may grow. 100 rounds with
 * {@code -Dlong=true}, else a few.
 */
class RoundsTest {
  private static final int ROUNDS = Boolean.getBoolean("long") ? 100 : 5;
  private static final int MIDDLE = Boolean.getBoolean("long") ? 20 : 2;

  /** What is counted, after a collection. */
  private record Sample(int round, long threads, long javaThreads, long files, long classes, long loaders,
      long oldLoaders,
      long dataFiles, long heapKib, long rssKib) {
    static final String HEAD = "%8s %8s %8s %6s %8s %8s %6s %6s %9s %9s".formatted(
        "rounds", "threads", "(java)", "fds", "classes", "loaders", "(old)", "files", "heap KiB", "RSS KiB");

    @Override
    public String toString() {
      return "%8d %8d %8d %6d %8d %8d %6d %6d %9d %9d".formatted(
          round, threads, javaThreads, files, classes, loaders, oldLoaders, dataFiles, heapKib, rssKib);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "io.bundlet.wasi.provider",
    "io.bundlet.wascc.provider",
    "io.bundlet.cri.provider",
    "io.bundlet.wasm-engine-wasmtime",
    "io.bundlet.wasm-engine-endive",
  })
  void nothingGrows(String bundle, @TempDir Path home) throws Exception {
    boolean containers = bundle.equals("io.bundlet.cri.provider");
    Assumptions.assumeTrue(!containers || Containerd.available(), "needs root and containerd");
    Distribution without = Distribution.built().copyTo(home.resolve("bundlet"));
    Path jar = home.resolve("taken-out.jar");
    Files.move(without.bundle(bundle), jar);
    StringBuilder table = new StringBuilder(bundle + "\n" + Sample.HEAD + "\n");
    Sample middle = null;
    Sample end = null;
    try (SwapNode node = SwapNode.start(home.resolve("node"), without, containers)) {
      table.append(sample(node, 0)).append('\n');
      for (int round = 1; round <= ROUNDS; round++) {
        round(node, bundle, jar, round);
        if (round == MIDDLE || round == ROUNDS) {
          node.witness.awaitCollected(SwapNode.LIMIT);
          middle = round == MIDDLE ? sample(node, round) : middle;
          end = round == ROUNDS ? sample(node, round) : end;
          table.append(round == MIDDLE ? middle : end).append('\n');
        }
      }
    } finally {
      System.out.println(table);
    }
    assertEquals(0, end.oldLoaders(), "class loaders of earlier rounds\n" + table);
    assertEquals(middle.loaders(), end.loaders(), "class loaders\n" + table);
    assertEquals(middle.dataFiles(), end.dataFiles(), "files\n" + table);
    assertTrue(end.files() <= middle.files() + 3, "file descriptors\n" + table);
    assertTrue(end.threads() <= middle.threads() + 4, "threads\n" + table);
    assertTrue(end.classes() <= middle.classes() + 300, "classes\n" + table);
    assertTrue(end.rssKib() <= middle.rssKib() * 1.3, "resident memory\n" + table);
  }

  private static void round(SwapNode node, String bundle, Path jar, int round) throws IOException {
    int before = node.witness.events().size();
    node.node.plugin("it.jar", jar);
    String pod = "pod-" + round;
    String nonce = "nonce" + round;
    if (bundle.contains("wascc") || bundle.contains("endive")) {
      int port = Ports.free();
      node.run(pod, node.pods.echo(pod, port));
      Eventually.until(pod + " answers", SwapNode.LIMIT, () -> Ports.ask(port, "echo " + nonce).equals(nonce));
    } else if (bundle.contains("cri")) {
      node.run(pod, node.pods.containerHello(pod, nonce));
      node.awaitLine(pod, nonce);
    } else {
      node.run(pod, node.pods.hello(pod, nonce, ""));
      node.awaitLine(pod, nonce);
    }
    node.remove(pod);
    Files.delete(node.node.plugins().resolve("it.jar"));
    Eventually.until(bundle + " is removed", SwapNode.LIMIT, () -> node.witness.eventsAfter(before).stream()
        .anyMatch(event -> event.bundle().equals(bundle) && event.type().equals("UNINSTALLED")));
  }

  private static Sample sample(SwapNode node, int round) throws IOException {
    WitnessFiles.State state = node.witness.state();
    long pid = node.node.pid();
    return new Sample(round, status(pid, "Threads:"), state.threads(), count(Path.of("/proc/" + pid + "/fd"), 1),
        state.classes(), state.count("current"), state.count("old"), count(node.node.data(), 20), state.heap() / 1024,
        status(pid, "VmRSS:"));
  }

  private static long status(long pid, String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split(" ")[0]).mapToLong(Long::parseLong).findFirst()
        .orElseThrow();
  }

  private static long count(Path directory, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(directory, depth)) {
      return files.count() - 1;
    }
  }
}
