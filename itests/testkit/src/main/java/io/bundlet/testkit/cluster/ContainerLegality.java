package io.bundlet.testkit.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The part of {@link PodLegality} that looks at the statuses of the containers. */
final class ContainerLegality {
  private static final Map<String, String> LISTS = Map.of(
      "initContainerStatuses", "initContainers", "containerStatuses", "containers",
      "ephemeralContainerStatuses", "ephemeralContainers");
  private static final List<String> STATES = List.of("waiting", "running", "terminated");

  private final JsonNode pod;
  private final Consumer<String> problems;

  ContainerLegality(JsonNode pod, Consumer<String> problems) {
    this.pod = pod;
    this.problems = problems;
  }

  /** What a single status may not be. */
  void one() {
    // a pod that its node has refused, or that was ended before anything was done, has no containers
    boolean any = !pod.path("status").path("containerStatuses").isEmpty();
    LISTS.forEach((list, specs) -> {
      Map<String, JsonNode> statuses = byName(pod, list);
      if (any) {
        for (JsonNode spec : pod.path("spec").path(specs)) {
          if (!statuses.containsKey(spec.path("name").asString(""))) {
            problems.accept("has no status of " + spec.path("name").asString(""));
          }
        }
      }
      statuses.forEach(this::container);
    });
  }

  private void container(String name, JsonNode status) {
    JsonNode state = status.path("state");
    long states = STATES.stream().filter(state::has).count();
    if (states != 1) {
      problems.accept(name + " has " + states + " states: " + state);
    }
    JsonNode running = state.path("running");
    JsonNode terminated = state.path("terminated");
    if (!running.isMissingNode()) {
      if (!running.has("startedAt") || status.path("containerID").asString("").isEmpty()
          || status.path("imageID").asString("").isEmpty()) {
        problems.accept(name + " runs without startedAt, containerID or imageID: " + status);
      }
    }
    if (!terminated.isMissingNode()) {
      if (terminated.path("startedAt").asString("").compareTo(terminated.path("finishedAt").asString("")) > 0) {
        problems.accept(name + " ended before it started: " + terminated);
      }
      if (terminated.path("reason").asString("").isEmpty()) {
        problems.accept(name + " ended without a reason: " + terminated);
      }
    }
    if (status.path("ready").asBoolean(false) && running.isMissingNode() && byName(pod, "containerStatuses")
        .containsKey(name)) {
      problems.accept(name + " is ready and does not run");
    }
    if (status.path("restartCount").asInt(0) > 0 && !status.path("lastState").has("terminated")
        && !state.has("terminated")) {
      problems.accept(name + " was restarted, but how it had ended is not told");
    }
  }

  /** What may not come after another status of the same pod. */
  void pair(JsonNode before) {
    for (String list : LISTS.keySet()) {
      Map<String, JsonNode> old = byName(before, list);
      Map<String, JsonNode> now = byName(pod, list);
      old.keySet().stream().filter(name -> !now.containsKey(name))
          .forEach(name -> problems.accept("lost the status of " + name));
      now.forEach((name, status) -> {
        if (old.containsKey(name)) {
          pair(name, old.get(name), status);
        }
      });
    }
  }

  private void pair(String name, JsonNode before, JsonNode after) {
    int from = before.path("restartCount").asInt(0);
    int to = after.path("restartCount").asInt(0);
    if (to < from) {
      problems.accept(name + ": restartCount went from " + from + " to " + to);
    }
    JsonNode old = before.path("state");
    JsonNode now = after.path("state");
    if (from == to && old.has("terminated") && now.has("running")) {
      problems.accept(name + " runs again, but counts no restart");
    }
    if (from == to && old.has("running") && now.has("waiting") && !after.path("lastState").has("terminated")) {
      problems.accept(name + " ran and waits, but how it had ended is not told");
    }
    boolean same = before.path("containerID").asString("").equals(after.path("containerID").asString(""));
    for (String state : Set.of("running", "terminated")) {
      if (same && from == to && old.has(state) && now.has(state) && !old.path(state).equals(now.path(state))) {
        problems.accept(name + " of the same id went from " + old + " to " + now);
      }
    }
    if (!same && from == to && old.has("running") && now.has("running")) {
      problems.accept(name + " runs as another container, but counts no restart");
    }
  }

  private static Map<String, JsonNode> byName(JsonNode pod, String list) {
    Map<String, JsonNode> statuses = new HashMap<>();
    pod.path("status").path(list).forEach(each -> statuses.put(each.path("name").asString(""), each));
    return statuses;
  }
}
