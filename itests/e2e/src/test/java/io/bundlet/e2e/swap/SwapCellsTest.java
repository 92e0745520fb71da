package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bundles whose exchange no pod may notice, one by one, under the same pods. {@code -Dcell=NAME} for one of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwapCellsTest {
  /** No hang; that a pod has started again is a problem that its onlooker tells. */
  private static final long WAIT_BOUND_MILLIS = 60_000;
  private static final long RUN_ON_MILLIS = 30_000;

  private Stage stage;
  private SwapNode node;
  private int number;

  @BeforeAll
  void startPods(@TempDir Path home) throws IOException {
    stage = Stage.set(home, 1, false);
    node = stage.node;
  }

  @AfterAll
  void stopPods() throws IOException {
    if (stage != null) {
      stage.close();
    }
  }

  @ParameterizedTest
  @MethodSource("io.bundlet.e2e.swap.SwapTable#runOn")
  void podsRunOn(SwapTable.RunOn row) throws Exception {
    SwapTable.assumeAsked(row.bundle());
    Cell cell = new Cell(row.bundle(), "all run on; the actor's line " + row.actorsLine());
    Passengers passengers = new Passengers(node, ++number);
    Map<String, String> before = node.runtime.containers();
    stage.take(null);

    int events = node.swap(row.bundle());
    Eventually.until("the node answers", SwapNode.LIMIT, () -> node.node.shell("node:info").exitCode() == 0);
    passengers.useAll(true, true);
    stage.take(cell);
    Map<String, String> after = node.runtime.containers();
    cell.seen.append("containers the same: ").append(before.equals(after)).append("; late calls work; ");
    cell.events = node.witness.eventsAfter(events);
    passengers.leave();
    cell.seen.append("stopped with grace and deleted; ");
    try {
      cell.collectedMillis = node.witness.awaitCollected(SwapNode.LIMIT);
      for (String user : row.others()) {
        // What uses a library must not be kept by the library when it goes itself.
        node.swap(user);
        node.witness.awaitCollected(SwapNode.LIMIT);
      }
    } finally {
      System.out.println(cell);
    }

    assertEquals(before, after, "containers by id, pid and start");
    assertEquals(SwapTable.touched(row.bundle(), row.others()), cell.touched(), "bundles with events");
    quiet(cell, "counter-0", RUN_ON_MILLIS);
    quiet(cell, Stage.HOSTED, RUN_ON_MILLIS);
    quiet(cell, "box", RUN_ON_MILLIS);
    quiet(cell, "box line", RUN_ON_MILLIS);
    if (row.actorsLine().equals("connects again")) {
      assertTrue(cell.onlookers.get("actor-0").gapMillis() < WAIT_BOUND_MILLIS, cell.toString());
    } else {
      quiet(cell, "actor-0", row.actorsLine().equals("waits") ? WAIT_BOUND_MILLIS : RUN_ON_MILLIS);
    }
    for (String pod : Set.of("counter-0", Stage.HOSTED, "box")) {
      assertEquals(1, node.starts(pod), pod + " was started more than once");
    }
  }

  private static void quiet(Cell cell, String who, long millis) {
    Onlooker.Seen seen = cell.onlookers.get(who);
    assertTrue(seen.problems().isEmpty() && seen.gapMillis() < millis && seen.beats() > 0, cell.toString());
  }
}
