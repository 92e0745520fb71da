package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bundles whose exchange restarts those pods that stand on them and no others, and bundles that are not exchanged.
 * {@code -Dcell=NAME} for one of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineCellsTest {
  private static final int PODS = 4;
  /** One at a time, and one more where a restart takes longer than its turn. */
  private static final int TOGETHER = 2;

  private Stage stage;
  private SwapNode node;
  private int number;

  @BeforeAll
  void startPods(@TempDir Path home) throws IOException {
    stage = Stage.set(home, PODS, true);
    node = stage.node;
  }

  @AfterAll
  void stopPods() throws IOException {
    if (stage != null) {
      stage.close();
    }
  }

  @ParameterizedTest
  @MethodSource("io.bundlet.e2e.swap.SwapTable#restarts")
  void whatStandsOnItRestarts(SwapTable.Restart row) throws Exception {
    SwapTable.assumeAsked(row.bundle());
    Cell cell = new Cell(row.bundle(), (row.modules() ? "WASI " : "")
        + (row.hosted() ? "WASI by a host module " : "") + (row.actors() ? "actors " : "")
        + "restart" + (row.inTurn() ? " one by one" : "") + "; the others run on");
    String never = "never-" + ++number;
    node.run(never, node.pods.counter(never, "Never", ""));
    node.awaitLine(never, "3 ");
    Passengers passengers = new Passengers(node, number);
    Map<String, Integer> told = restarts();
    Map<String, String> before = node.runtime.containers();
    stage.take(null);

    long begin = System.nanoTime();
    int events = node.swap(row.bundle());
    awaitRestarts(told, stage.counters, row.modules(), row.reason());
    awaitRestarts(told, List.of(Stage.HOSTED), row.hosted(), row.reason());
    awaitRestarts(told, stage.actors, row.actors(), row.reason());
    // The native actors stand on the engine that WASI modules stand on.
    passengers.awaitRestart(row.modules(), row.actors(), row.modules());
    cell.seen.append("all again after ").append((System.nanoTime() - begin) / 1_000_000).append(" ms; ");
    assertEquals(1, node.starts(never), "a pod that is never to run again was started again");
    if (row.modules()) {
      Eventually.until("a Never pod is told as disrupted", SwapNode.LIMIT, () -> {
        String info = node.node.shell("pod:info", never).output();
        return info.contains("Failed") && info.contains("DisruptionTarget");
      });
      cell.seen.append("the Never pod Failed with DisruptionTarget; ");
    }
    passengers.useAll(!row.actors(), !row.modules());
    cell.seen.append("late calls work; ");
    Eventually.until("all count again", SwapNode.LIMIT, () -> counted(row));
    stage.take(cell);
    assertEquals(before, node.runtime.containers());
    cell.events = node.witness.eventsAfter(events);
    passengers.leave();
    node.remove(never);
    cell.seen.append("stopped with grace and deleted; silent together: ")
        .append(Stage.together(cell, stage.counting)).append(" counters, ")
        .append(Stage.together(cell, stage.acting)).append(" actors; ");
    assertEquals(1, node.starts(never), "a pod that is never to run again was started again");
    try {
      cell.collectedMillis = node.witness.awaitCollected(SwapNode.LIMIT);
    } finally {
      System.out.println(cell);
    }
    assertEquals(SwapTable.touched(row.bundle(), row.others()), cell.touched(), "bundles with events");
    restarted(cell, stage.counting, row.modules(), row.inTurn());
    restarted(cell, List.of(stage.hosted), row.hosted(), row.inTurn());
    restarted(cell, stage.acting, row.actors(), row.inTurn());
    cell.onlookers.values()
        .forEach(seen -> assertTrue(seen.problems().isEmpty() && seen.gapMillis() < 60_000, cell.toString()));
    // Guests go on for a while without their engine's jar.
    List<String> missed = node.node.output().lines().filter(line -> line.contains("NoClassDefFoundError")).toList();
    assertEquals(List.of(), missed, "classes that an old engine's guests had no more");
  }

  /** Whether each onlooker that is to see a restart has seen it; nothing is taken from them. */
  private boolean counted(SwapTable.Restart row) {
    return (!row.modules() || stage.counting.stream().allMatch(one -> one.restarts() > 0))
        && (!row.hosted() || stage.hosted.restarts() > 0)
        && (!row.actors() || stage.acting.stream().allMatch(one -> one.restarts() > 0));
  }

  private static void restarted(Cell cell, List<Onlooker> which, boolean expected, boolean inTurn) {
    for (Onlooker one : which) {
      assertEquals(expected ? 1 : 0, cell.onlookers.get(one.name()).restarts().size(), cell.toString());
    }
    // each has a turn of a second; where one takes longer than that, the next ones begin meanwhile
    long longest = which.stream().flatMap(one -> cell.onlookers.get(one.name()).restarts().stream())
        .mapToLong(Onlooker.Silence::millis).max().orElse(0);
    assertTrue(!inTurn || Stage.together(cell, which) <= Math.max(TOGETHER, 1 + longest / 1000), cell.toString());
  }

  private Map<String, Integer> restarts() {
    Map<String, Integer> told = new TreeMap<>();
    for (List<String> pods : List.of(stage.counters, List.of(Stage.HOSTED), stage.actors)) {
      pods.forEach(pod -> told.put(pod, node.restarts(pod)));
    }
    return told;
  }

  private void awaitRestarts(Map<String, Integer> before, List<String> pods, boolean expected, String reason) {
    for (String pod : pods) {
      if (expected) {
        Eventually.until(pod + " tells its restart", SwapNode.LIMIT, () -> node.restarts(pod) == before.get(pod) + 1
            && node.node.shell("(pod:info " + pod + ") containers").output().contains(reason));
      } else {
        assertEquals(before.get(pod), node.restarts(pod), pod + " was restarted");
      }
    }
  }

  /** What everything stands on is refused, with a reason, and nothing of the node moves. */
  @ParameterizedTest
  @MethodSource("io.bundlet.e2e.swap.SwapTable#refused")
  void refused(String bundle) throws Exception {
    SwapTable.assumeAsked(bundle);
    Cell cell = new Cell(bundle, "refused with a reason");
    stage.take(null);
    int before = node.witness.events().size();
    Path jar = node.newer(bundle, node.nextVersion());
    Answers answers = new Answers();
    answers.update = node.node.shell("provider:update", bundle, jar.toString()).output();
    node.node.plugin(bundle + ".jar", jar);
    Eventually.until("the plugin is listed as refused", SwapNode.LIMIT, () -> {
      answers.list = node.node.shell("provider:list").output().lines()
          .filter(line -> line.contains(bundle) && line.contains("Failed")).findFirst().orElse("");
      return answers.list.contains("the node stands on") || answers.list.contains("it would restart");
    });
    cell.seen.append("provider:update says: ").append(answers.update.strip()).append("; provider:list says: ")
        .append(answers.list.strip()).append("; ");
    cell.events = node.witness.eventsAfter(before);
    System.out.println(cell);
    assertTrue(answers.update.contains("next start"), answers.update);
    assertEquals(Set.of(), cell.touched(), "bundles with events");
    stage.take(cell);
    cell.onlookers.values().forEach(
        seen -> assertTrue(seen.problems().isEmpty() && seen.restarts().isEmpty(), cell.toString()));
    Files.delete(node.node.plugins().resolve(bundle + ".jar"));
  }

  private static final class Answers {
    private String update = "";
    private String list = "";
  }
}
