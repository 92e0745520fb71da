package io.bundlet.api.admin;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The node as it is now.
 *
 * @param name its name
 * @param id its owner id
 * @param version the core's version
 * @param startedAt when the core was started
 * @param dataDirectory where it keeps its state
 * @param defaultHandler the runtime handler of pods that name none; empty: they wait
 * @param handlers the handlers that are served now, each as {@code handler=provider}
 * @param pods how many pods it has
 * @param problems what is wrong with the node's settings and the sources of pods
 * @param resources how much it has for pods; empty until the node has looked
 * @param conditions what it is short of or not, as in a Kubernetes node's status
 */
public record NodeView(
    String name,
    String id,
    String version,
    Instant startedAt,
    Path dataDirectory,
    String defaultHandler,
    List<String> handlers,
    int pods,
    List<Problem> problems,
    List<ResourceView> resources,
    List<ConditionView> conditions) {
  public NodeView {
    handlers = List.copyOf(handlers);
    problems = List.copyOf(problems);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }

  /** A node of whose machine nothing is known. */
  public NodeView(
      String name, String id, String version, Instant startedAt, Path dataDirectory, String defaultHandler,
      List<String> handlers, int pods, List<Problem> problems) {
    this(name, id, version, startedAt, dataDirectory, defaultHandler, handlers, pods, problems, List.of(), List.of());
  }
}
