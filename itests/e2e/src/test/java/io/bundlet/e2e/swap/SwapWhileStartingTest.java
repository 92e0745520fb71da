package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bundles exchanged while twenty pods start: none is lost, none is started twice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwapWhileStartingTest {
  private static final int PODS = 20;

  private SwapNode node;
  private int round;

  @BeforeAll
  void startNode(@TempDir Path home) throws IOException {
    Assumptions.assumeTrue(Containerd.available(), "needs root and containerd");
    node = SwapNode.start(home, Distribution.built(), true);
    Eventually.until("the handler runc is served", SwapNode.LIMIT,
        () -> node.node.shell("node:info").output().contains("runc"));
  }

  @AfterAll
  void stopNode() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  /** Bundles, whether WASI pods that have started start again, whether actors do. */
  @ParameterizedTest
  @CsvSource({
    "io.bundlet.core, false, false",
    "io.bundlet.cri.provider, false, false",
    "io.bundlet.wasi.provider io.bundlet.wascc.provider, false, false",
    "io.bundlet.wascc.wapc io.bundlet.wascc.capability-line, false, false",
    "io.bundlet.wasm-engine-wasmtime, true, false",
    "io.bundlet.wasm-engine-endive, false, true",
    "io.bundlet.wasm-host, true, true",
  })
  void noneLostNoneTwice(String bundles, boolean modulesAgain, boolean actorsAgain) throws Exception {
    String prefix = "p" + ++round + "-";
    List<String> names = new ArrayList<>();
    try {
      start(prefix, names, bundles, modulesAgain, actorsAgain);
    } finally {
      node.remove(names.toArray(String[]::new));
    }
    Eventually.until("no sandbox is left", SwapNode.LIMIT, () -> node.runtime.sandboxes().isEmpty());
  }

  private void start(String prefix, List<String> names, String bundles, boolean modulesAgain, boolean actorsAgain)
      throws Exception {
    Map<String, Integer> ports = new TreeMap<>();
    for (int i = 0; i < PODS; i++) {
      String name = prefix + i;
      names.add(name);
      if (i % 3 == 0) {
        node.run(name, node.pods.counter(name, "Always", ""));
      } else if (i % 3 == 1) {
        ports.put(name, Ports.free());
        node.run(name, node.pods.echo(name, ports.get(name)));
      } else {
        node.run(name, node.pods.sleeper(name));
      }
    }
    Eventually.until("the first have started", SwapNode.LIMIT, () -> started(prefix) >= 2);
    long startedBefore = started(prefix);
    for (String bundle : bundles.split(" ")) {
      node.swap(bundle);
    }
    long startedAfter = started(prefix);
    for (int i = 0; i < PODS; i++) {
      String name = names.get(i);
      if (ports.containsKey(name)) {
        int port = ports.get(name);
        Eventually.until(name + " answers", SwapNode.LIMIT, () -> Ports.ask(port, "count").matches("[0-9]+"));
      } else {
        Eventually.until(name + " has started", SwapNode.LIMIT, () -> node.starts(name) >= 1);
      }
    }
    Eventually.until("all are told as running", SwapNode.LIMIT,
        () -> node.node.shell("pod:list").output().lines()
            .filter(line -> line.contains(prefix) && line.contains("1/1")).count() == PODS);

    Map<String, Integer> sandboxes = node.runtime.sandboxes();
    Map<String, String> containers = node.runtime.containers();
    long again = 0;
    for (String name : names) {
      boolean container = containers.containsKey(name);
      boolean mayStartAgain = !container && (ports.containsKey(name) ? actorsAgain : modulesAgain);
      List<String> logs = logs(name);
      again += logs.contains("1.log") ? 1 : 0;
      // What was lost before its first words has no log of its first attempt.
      assertTrue(logs.equals(List.of("0.log")) || mayStartAgain && List.of("0.log", "1.log").containsAll(logs),
          name + " has the logs " + logs);
      if (ports.containsKey(name)) {
        continue;
      }
      // One that was exchanged away between its start and its first words has a log and no line.
      assertTrue(node.starts(name) <= logs.size(), node.starts(name) + " starts of " + name);
      if (container) {
        assertEquals(1, sandboxes.get(name), "sandboxes of " + name);
        assertTrue(!containers.get(name).contains(" and "), containers.get(name));
      }
    }
    long kept = names.stream().filter(containers::containsKey).count();
    System.out.printf("%s exchanged while %d pods start: %d had started before, %d after; in the end all %d run, %d of"
        + " them started again; %d sandboxes of CRI%n", bundles, PODS, startedBefore, startedAfter, names.size(),
        again, kept);
    assertEquals(6, kept, "containers");
  }

  private long started(String prefix) throws IOException {
    Path file = node.work.resolve("starts");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().filter(line -> line.startsWith("start " + prefix)).count() : 0;
  }

  private List<String> logs(String pod) throws IOException {
    try (Stream<Path> logs = Files.list(node.log(pod).orElseThrow().resolve("main"))) {
      return logs.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
