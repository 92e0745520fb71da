package io.bundlet.e2e.swap;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A node with pods that are there through all cells, each with an onlooker: counters on the engine that has WASI of its
 * own, one whose WASI is a host module, actors and a container.
 */
final class Stage implements AutoCloseable {
  final SwapNode node;
  static final String HOSTED = "hosted";

  final List<String> counters = new ArrayList<>();
  final List<String> actors = new ArrayList<>();
  final List<Integer> actorPorts = new ArrayList<>();
  final List<Onlooker> counting = new ArrayList<>();
  final List<Onlooker> acting = new ArrayList<>();
  final Onlooker hosted;
  final Onlooker container;
  final Onlooker containerLine;

  private Stage(SwapNode node, int pods, boolean mayRestart) throws IOException {
    this.node = node;
    int containerPort = Ports.free();
    node.run("box", node.pods.container("box", containerPort));
    node.run(HOSTED, node.pods.counter(HOSTED, "Always", "endive"));
    for (int i = 0; i < pods; i++) {
      counters.add("counter-" + i);
      node.run(counters.get(i), node.pods.counter(counters.get(i), "Always", ""));
      actors.add("actor-" + i);
      actorPorts.add(Ports.free());
      node.run(actors.get(i), node.pods.echo(actors.get(i), actorPorts.get(i)));
    }
    node.awaitLine("box", "5");
    node.awaitLine(HOSTED, "5 ");
    node.awaitAnswer(containerPort);
    for (int i = 0; i < pods; i++) {
      node.awaitLine(counters.get(i), "5 ");
      node.awaitAnswer(actorPorts.get(i));
      counting.add(node.followLog(counters.get(i), mayRestart));
      acting.add(node.follow(new LineOnlooker(actors.get(i), actorPorts.get(i), true, mayRestart)));
    }
    hosted = node.followLog(HOSTED, mayRestart);
    container = node.followLog("box", false);
    containerLine = node.follow(new LineOnlooker("box line", containerPort, false, false));
  }

  /** A node with that many counters and actors, and a container. */
  static Stage set(Path home, int pods, boolean mayRestart) throws IOException {
    Assumptions.assumeTrue(Containerd.available(), "needs root and containerd");
    SwapNode node = SwapNode.start(home, Distribution.built(), true);
    try {
      return new Stage(node, pods, mayRestart);
    } catch (IOException | RuntimeException | Error failed) {
      node.close();
      throw failed;
    }
  }

  /** Takes what all onlookers have seen. @param cell gets it; may be null */
  void take(Cell cell) {
    List<Onlooker> all = new ArrayList<>(counting);
    all.addAll(acting);
    all.addAll(List.of(hosted, container, containerLine));
    for (Onlooker onlooker : all) {
      Onlooker.Seen seen = onlooker.take();
      if (cell != null) {
        cell.onlookers.put(onlooker.name(), seen);
      }
    }
  }

  /** How many of these were silent together because they started again. */
  static long together(Cell cell, List<Onlooker> which) {
    return Onlooker.Seen.together(which.stream().map(one -> cell.onlookers.get(one.name())).toList());
  }

  @Override
  public void close() throws IOException {
    node.close();
  }
}
