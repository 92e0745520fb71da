package io.bundlet.e2e.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Mounts;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.pods.Evidence;
import io.bundlet.testkit.pods.Runtime;
import io.bundlet.testkit.pods.ScriptedRuntime;
import io.bundlet.testkit.pods.StatusHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * All rows of the folder {@code semantics}, on one node a runtime, many at once. {@code -Drows=REGEX} runs some. What
 * was seen is in {@code target/semantics-observed.csv}.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SemanticsTest {
  private static final Path OBSERVED = Path.of("target/semantics-observed.csv");
  private static final String ROWS = System.getProperty("rows", "");

  private Path home;
  private Containerd containerd;
  private NodeProcess node;

  @BeforeAll
  static void begin() throws IOException {
    Files.createDirectories(OBSERVED.getParent());
    Files.writeString(OBSERVED, "row,source,runtime,verdict,milliseconds,manifest,expected,observed\n");
  }

  @AfterEach
  void end() throws IOException {
    if (node != null) {
      node.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    if (home != null) {
      Mounts.remove(home);
      Distribution.remove(home);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void scriptedPodsBehaveAsKubernetesSays() throws Exception {
    run(Runtime.SCRIPTED, 60, "");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void modulesBehaveAsKubernetesSays() throws Exception {
    run(Runtime.WASI, 12, "");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void containersBehaveAsKubernetesSays() throws Exception {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("semantics");
    containerd = Containerd.start(home.resolve("c"));
    run(Runtime.CRI, 8, containerd.socket().toString());
  }

  private static List<Row> rows(Runtime runtime) throws IOException {
    Path folder = Distribution.repository().resolve("itests/e2e/src/test/resources/semantics");
    List<Row> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).sorted().toList()) {
        rows.addAll(Row.read(file));
      }
    }
    assertEquals(rows.size(), rows.stream().map(Row::id).distinct().count(), "each row has a name of its own");
    return rows.stream().filter(row -> row.runtimes().contains(runtime))
        .filter(row -> ROWS.isEmpty() || row.id().matches(ROWS)).toList();
  }

  private void run(Runtime runtime, int atOnce, String criEndpoint) throws Exception {
    List<Row> rows = rows(runtime);
    long begin = System.nanoTime();
    if (home == null) {
      home = Files.createTempDirectory("semantics");
    }
    StatusHistory statuses = new StatusHistory(home.resolve("statuses"));
    ScriptedRuntime scripted = new ScriptedRuntime(home.resolve("scripted"));
    List<String> options = new ArrayList<>(List.of("--set", "io.bundlet.core:max.pods=400"));
    options.addAll(List.of(statuses.options()));
    options.addAll(List.of(scripted.options()));
    if (!criEndpoint.isEmpty()) {
      options.addAll(List.of("--cri-endpoint", criEndpoint));
    }
    node = new NodeProcess(Distribution.built(), home.resolve("node"), options.toArray(String[]::new));
    node.plugin("scripted.jar", Distribution.scriptedProvider());
    node.manifest("objects.yaml",
        Files.readString(Distribution.repository().resolve("itests/e2e/src/test/resources/semantics/objects.yaml")));
    node.start().awaitReady();
    Path shared = Files.createDirectories(home.resolve("shared"));
    NodeShell shell = new NodeShell(node.data());
    Runtime.Images images = new Runtime.Images(Distribution.guest("script").toString(), Containerd.BUSYBOX_IMAGE);
    Semaphore places = new Semaphore(atOnce);
    List<RowRun> runs = rows.stream().map(row -> new RowRun(row, runtime, node, scripted,
        new Evidence(row.id(), statuses, scripted, node.data(), shell::ask), shared)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RowRun run : runs) {
        places.acquire();
        threads.submit(() -> {
          run.run(images);
          places.release();
        });
      }
    }
    runs.forEach(RowRun::judge);
    for (RowRun run : runs) {
      Files.writeString(OBSERVED, run.line() + "\n", StandardOpenOption.APPEND);
    }
    List<RowRun> wrong = runs.stream().filter(RowRun::wrong).toList();
    System.out.printf("semantics on %s: %d rows, %d ok, %d wrong, %.1f s%n", runtime.word(), runs.size(),
        runs.size() - wrong.size(), wrong.size(), (System.nanoTime() - begin) / 1e9);
    assertEquals("", wrong.stream().map(RowRun::toString).collect(Collectors.joining("\n")));
  }
}
