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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bundles whose exchange restarts those pods that stand on them and no others, and bundles that are not exchanged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineCellsTest {
  private SwapNode node;
  private int actorPort;
  private Onlooker container;
  private Onlooker containerLine;
  private int number;

  @BeforeAll
  void startPods(@TempDir Path home) throws IOException {
    Assumptions.assumeTrue(Containerd.available(), "needs root and containerd");
    node = SwapNode.start(home, Distribution.built(), true);
    actorPort = Ports.free();
    int containerPort = Ports.free();
    node.run("counter", node.pods.counter("counter", "Always", ""));
    node.run("actor", node.pods.echo("actor", actorPort));
    node.run("box", node.pods.container("box", containerPort));
    node.awaitLine("counter", "5 ");
    node.awaitLine("box", "5");
    node.awaitAnswer(actorPort);
    node.awaitAnswer(containerPort);
    container = node.followLog("box");
    containerLine = node.follow(new LineOnlooker("box line", containerPort, false));
  }

  @AfterAll
  void stopPods() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  /** Bundle, whether WASI pods restart, whether actors do. */
  @ParameterizedTest
  @CsvSource({
    "io.bundlet.wasm-engine-wasmtime, true, false",
    "io.bundlet.wasm-engine-endive, false, true",
    "io.bundlet.wasm-host, true, true",
  })
  void whatStandsOnItRestarts(String bundle, boolean modules, boolean actors) throws Exception {
    Cell cell = new Cell(bundle, (modules ? "WASI" : "") + (actors ? " actors" : "") + " restart; the others run on");
    String never = "never-" + ++number;
    node.run(never, node.pods.counter(never, "Never", ""));
    node.awaitLine(never, "3 ");
    long starts = node.starts("counter");
    long count = Long.parseLong(Ports.ask(actorPort, "count"));
    int moduleRestarts = restarts("counter");
    int actorRestarts = restarts("actor");
    Map<String, String> before = node.runtime.containers();
    container.take();
    containerLine.take();

    long begin = System.nanoTime();
    int events = node.swap(bundle);
    if (modules) {
      Eventually.until("the counter starts again", SwapNode.LIMIT, () -> node.starts("counter") == starts + 1);
      cell.seen.append("counter again after ").append((System.nanoTime() - begin) / 1_000_000).append(" ms; ");
    }
    Eventually.until("the actor answers", SwapNode.LIMIT, () -> Ports.ask(actorPort, "echo on").equals("on"));
    cell.seen.append("actor answers after ").append((System.nanoTime() - begin) / 1_000_000).append(" ms; ");
    assertEquals(actors ? 1 : count + 1, Long.parseLong(Ports.ask(actorPort, "count")), "the actor's count");
    restarted("counter", moduleRestarts, modules, modules && actors);
    restarted("actor", actorRestarts, actors, modules && actors);
    assertEquals(starts + (modules ? 1 : 0), node.starts("counter"));
    assertEquals(1, node.starts(never), "a pod that is never to run again was started again");
    if (modules) {
      Eventually.until("a Never pod is told as disrupted", SwapNode.LIMIT, () -> {
        String info = node.node.shell("pod:info", never).output();
        return info.contains("Failed") && info.contains("DisruptionTarget");
      });
      cell.seen.append("the Never pod Failed with DisruptionTarget; ");
    }
    cell.onlookers.put("box", container.take());
    cell.onlookers.put("box line", containerLine.take());
    assertEquals(before, node.runtime.containers());
    node.remove(never);
    assertEquals(1, node.starts(never), "a pod that is never to run again was started again");
    cell.events = node.witness.eventsAfter(events);
    try {
      cell.collectedMillis = node.witness.awaitCollected(Duration.ofSeconds(30));
    } finally {
      System.out.println(cell);
    }
    assertEquals(Set.of(bundle), cell.touched(), "bundles with events");
    cell.onlookers.values()
        .forEach(seen -> assertTrue(seen.problems().isEmpty() && seen.gapMillis() < 5000, "" + seen));
  }

  /** What everything stands on is refused, with a reason, and nothing of the node moves. */
  @ParameterizedTest
  @CsvSource({"io.bundlet.api", "io.bundlet.libs.wasmtime"})
  void refused(String bundle) throws Exception {
    Cell cell = new Cell(bundle, "refused with a reason");
    long starts = node.starts("counter");
    long count = Long.parseLong(Ports.ask(actorPort, "count"));
    int before = node.witness.events().size();
    Path jar = node.newer(bundle, node.nextVersion());
    Answers answers = new Answers();
    answers.update = node.node.shell("provider:update", bundle, jar.toString()).output();
    node.node.plugin(bundle + ".jar", jar);
    Eventually.until("the plugin is listed as refused", SwapNode.LIMIT, () -> {
      answers.list = node.node.shell("provider:list").output().lines()
          .filter(line -> line.contains(bundle) && line.contains("Failed")).findFirst().orElse("");
      return answers.list.contains("the node stands on") || answers.list.contains("next start");
    });
    cell.seen.append("provider:update says: ").append(answers.update.strip()).append("; provider:list says: ")
        .append(answers.list.strip()).append("; ");
    cell.events = node.witness.eventsAfter(before);
    System.out.println(cell);
    assertTrue(answers.update.contains("next start"), answers.update);
    assertEquals(Set.of(), cell.touched(), "bundles with events");
    assertEquals(count + 1, Long.parseLong(Ports.ask(actorPort, "count")));
    assertEquals(starts, node.starts("counter"));
    Files.delete(node.node.plugins().resolve(bundle + ".jar"));
  }

  private static final class Answers {
    private String update = "";
    private String list = "";
  }

  private void restarted(String pod, int before, boolean expected, boolean lost) {
    if (expected) {
      String reason = lost ? "ContainerStatusUnknown" : "RuntimeUpgraded";
      Eventually.until(pod + " tells its restart", SwapNode.LIMIT, () -> {
        String told = node.node.shell("(pod:info " + pod + ") containers").output();
        return restarts(pod) == before + 1 && told.contains(reason);
      });
    } else {
      assertEquals(before, restarts(pod), pod + " was restarted");
    }
  }

  private int restarts(String pod) {
    return Eventually.value("the restarts of " + pod, SwapNode.LIMIT, () -> node.node.shell("pod:list").output().lines()
        .map(line -> line.strip().split("\\s+")).filter(words -> words.length > 5 && words[1].equals(pod))
        .map(words -> Integer.parseInt(words[5])).findFirst());
  }
}
