package io.bundlet.core.node;

import io.bundlet.core.container.ContainerRunner;
import io.bundlet.core.pod.PodWorker;
import io.bundlet.statemachine.Graph;
import java.util.List;

/** Draws the core's state machines. */
final class MachineGraphs {
  static final List<String> NAMES = List.of("pod", "container");

  private MachineGraphs() {}

  static String draw(String machine, String format) {
    Graph graph =
        switch (machine) {
          case "pod" -> PodWorker.graph();
          case "container" -> ContainerRunner.graph();
          default -> throw new IllegalArgumentException("no machine " + machine + "; there are " + NAMES);
        };
    return switch (format) {
      case "text" -> graph.text();
      case "dot" -> graph.dot(machine);
      default -> throw new IllegalArgumentException("no format " + format + "; there are text and dot");
    };
  }
}
