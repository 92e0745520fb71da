package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bundles whose exchange no pod may notice, one by one, under the same three pods. {@code -Dcell=NAME} for one of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwapCellsTest {
  /** Longer than any wait of the table's, shorter than a restart with back-off. */
  private static final long WAIT_BOUND_MILLIS = 10_000;
  private static final long RUN_ON_MILLIS = 5_000;

  private SwapNode node;
  private Onlooker counter;
  private Onlooker actor;
  private Onlooker container;
  private Onlooker containerLine;
  private int number;

  @BeforeAll
  void startPods(@TempDir Path home) throws IOException {
    Assumptions.assumeTrue(Containerd.available(), "needs root and containerd");
    node = SwapNode.start(home, Distribution.built(), true);
    int actorPort = Ports.free();
    int containerPort = Ports.free();
    node.run("counter", node.pods.counter("counter", "Always", ""));
    node.run("actor", node.pods.echo("actor", actorPort));
    node.run("box", node.pods.container("box", containerPort));
    node.awaitLine("counter", "5 ");
    node.awaitLine("box", "5");
    node.awaitAnswer(actorPort);
    node.awaitAnswer(containerPort);
    counter = node.followLog("counter");
    container = node.followLog("box");
    actor = node.follow(new LineOnlooker("actor", actorPort, true));
    containerLine = node.follow(new LineOnlooker("box line", containerPort, false));
  }

  @AfterAll
  void stopPods() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  /** Bundle, what is expected of the actor's line, the other bundles that are to be restarted with it. */
  @ParameterizedTest
  @CsvSource({
    "io.bundlet.core, runs on, ",
    "io.bundlet.statemachine, runs on, io.bundlet.core",
    "io.bundlet.manifests, runs on, ",
    "io.bundlet.shell, runs on, ",
    "io.bundlet.volumes, runs on, ",
    "io.bundlet.module-store, runs on, ",
    "io.bundlet.wasi.provider, runs on, ",
    "io.bundlet.wascc.provider, waits, ",
    "io.bundlet.wascc.wapc, waits, ",
    "io.bundlet.wascc.capability-line, connects again, ",
    "io.bundlet.cri.provider, runs on, ",
    "io.bundlet.libs.grpc, runs on, io.bundlet.cri.provider",
  })
  void podsRunOn(String bundle, String actorsLine, String others) throws Exception {
    Assumptions.assumeTrue(bundle.equals(System.getProperty("cell", bundle)), "another cell is asked for");
    Cell cell = new Cell(bundle, "all run on; the actor's line " + actorsLine);
    String late = "late-" + ++number;
    String speaker = "actor-" + number;
    String box = "box-" + number;
    int port = Ports.free();
    int boxPort = Ports.free();
    Path lateDirectory = Files.createDirectories(node.work.resolve(late));
    node.run(late, node.pods.lateCalls(late, lateDirectory));
    node.run(speaker, node.pods.echo(speaker, port));
    node.run(box, node.pods.container(box, boxPort));
    node.awaitLine(late, "waiting");
    node.awaitLine(box, "1");
    Eventually.until(speaker + " listens", SwapNode.LIMIT, () -> Ports.ask(port, "count").equals("1"));
    Map<String, String> before = node.runtime.containers();
    takeAll(null);

    int events = node.swap(bundle);
    Eventually.until("the node answers", SwapNode.LIMIT, () -> node.node.shell("node:info").exitCode() == 0);
    Files.writeString(lateDirectory.resolve("go"), "");
    node.awaitLine(late, "late: all 16 calls work");
    Eventually.until(speaker + " answers", SwapNode.LIMIT, () -> Ports.ask(port, "echo again").equals("again"));
    assertEquals("2", Ports.ask(port, "count"), "the actor is another one than before");
    assertEquals("LATE", Ports.ask(port, "host late"));
    assertEquals("logged", Ports.ask(port, "log late-" + number));
    assertTrue(Ports.ask(port, "hosterr").contains("NoSuchOperation"), Ports.ask(port, "hosterr"));
    assertTrue(Ports.ask(port, "error own").contains("own"), Ports.ask(port, "error own"));
    node.awaitLine(speaker, "late-" + number);
    takeAll(cell);
    Map<String, String> after = node.runtime.containers();
    cell.seen.append("containers the same: ").append(before.equals(after)).append("; late calls work; ");

    node.remove(late, speaker, box);
    assertTrue(Files.readAllLines(node.work.resolve("ended")).contains(box), box + " was not asked to end");
    Eventually.until("no sandbox of " + box, SwapNode.LIMIT, () -> !node.runtime.sandboxes().containsKey(box));
    cell.seen.append("stopped with grace and deleted; ");
    cell.events = node.witness.eventsAfter(events);
    try {
      cell.collectedMillis = node.witness.awaitCollected(Duration.ofSeconds(30));
    } finally {
      System.out.println(cell);
    }

    assertEquals(before, after, "containers by id, pid and start");
    Set<String> expected = new TreeSet<>(Set.of(bundle));
    if (others != null) {
      expected.add(others);
    }
    assertEquals(expected, cell.touched(), "bundles with events");
    quiet(cell, counter, RUN_ON_MILLIS);
    quiet(cell, container, RUN_ON_MILLIS);
    quiet(cell, containerLine, RUN_ON_MILLIS);
    if (actorsLine.equals("connects again")) {
      assertTrue(cell.onlookers.get("actor").gapMillis() < WAIT_BOUND_MILLIS, cell.toString());
    } else {
      quiet(cell, actor, actorsLine.equals("waits") ? WAIT_BOUND_MILLIS : RUN_ON_MILLIS);
    }
    for (String pod : Set.of("counter", "box")) {
      assertEquals(1, node.starts(pod), pod + " was started more than once");
    }
  }

  private void takeAll(Cell cell) {
    for (Onlooker onlooker : Set.of(counter, actor, container, containerLine)) {
      Onlooker.Seen seen = onlooker.take();
      if (cell != null) {
        cell.onlookers.put(onlooker.name(), seen);
      }
    }
  }

  private static void quiet(Cell cell, Onlooker who, long millis) {
    Onlooker.Seen seen = cell.onlookers.get(who.name());
    assertTrue(seen.problems().isEmpty() && seen.gapMillis() < millis && seen.beats() > 0, cell.toString());
  }
}
