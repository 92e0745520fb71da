package io.bundlet.testkit.cluster;

import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What no series of a pod's statuses may hold, whatever happened to the pod, by what the Kubernetes API promises to
 * those who read them. The states of containers are judged by {@link ContainerLegality}.
 */
public final class PodLegality {
  private static final List<String> PHASES = List.of("Pending", "Running", "Succeeded", "Failed");
  private static final Set<String> CONDITIONS = Set.of("PodScheduled", "Initialized", "ContainersReady", "Ready");
  /** What a kubelet sets and nobody changes again. */
  private static final List<String> FIXED = List.of("startTime", "qosClass", "hostIP");

  private final String pod;
  private final List<String> problems = new ArrayList<>();

  private PodLegality(String pod) {
    this.pod = pod;
  }

  /** What is wrong with the lives of all pods that a watcher saw, each with the pod's name. */
  public static List<String> problems(Map<String, List<Update>> lives) {
    return lives.values().stream().flatMap(life -> problems(life).stream()).toList();
  }

  /** What is wrong with the life of one pod. @param life all updates of one uid, in their order */
  public static List<String> problems(List<Update> life) {
    PodLegality legality = new PodLegality(life.getFirst().name());
    Update before = null;
    for (Update update : life) {
      legality.one(update);
      if (before != null) {
        legality.pair(before, update);
      }
      before = update;
    }
    return List.copyOf(legality.problems);
  }

  private void one(Update update) {
    JsonNode status = update.status();
    if (!status.has("startTime")) {
      return; // no kubelet has written it yet
    }
    Map<String, JsonNode> conditions = conditions(status);
    for (String type : CONDITIONS) {
      if (!conditions.containsKey(type)) {
        wrong(update, "has no condition " + type);
      }
    }
    if (status.path("conditions").size() != conditions.size()) {
      wrong(update, "has a condition twice");
    }
    if (!PHASES.contains(update.phase())) {
      wrong(update, "is in phase '" + update.phase() + "'");
    }
    if (update.condition("Ready").equals("True")) {
      if (!update.condition("ContainersReady").equals("True")) {
        wrong(update, "is ready while its containers are not");
      }
      if (!update.phase().equals("Running")) {
        wrong(update, "is ready in phase " + update.phase());
      }
    }
    new ContainerLegality(update.object(), what -> wrong(update, what)).one();
  }

  private void pair(Update before, Update after) {
    int from = PHASES.indexOf(before.phase());
    int to = PHASES.indexOf(after.phase());
    boolean ended = from >= 2;
    if (ended && from != to || to < from) {
      wrong(after, "went from phase " + before.phase() + " to " + after.phase());
    }
    for (String field : FIXED) {
      JsonNode old = before.status().path(field);
      if (!old.isMissingNode() && !old.equals(after.status().path(field))) {
        wrong(after, field + " went from " + old + " to " + after.status().path(field));
      }
    }
    Map<String, JsonNode> old = conditions(before.status());
    conditions(after.status()).forEach((type, condition) -> {
      if (old.containsKey(type)) {
        transition(after, type, old.get(type), condition);
      }
    });
    old.keySet().stream().filter(type -> !conditions(after.status()).containsKey(type))
        .forEach(type -> wrong(after, "lost its condition " + type));
    new ContainerLegality(after.object(), what -> wrong(after, what)).pair(before.object());
  }

  private void transition(Update update, String type, JsonNode before, JsonNode after) {
    String from = before.path("status").asString("");
    String to = after.path("status").asString("");
    String then = before.path("lastTransitionTime").asString("");
    String now = after.path("lastTransitionTime").asString("");
    if (from.equals(to) && !then.equals(now)) {
      wrong(update, "condition " + type + " stayed " + to + ", but its transition went from " + then + " to " + now);
    }
    if (now.compareTo(then) < 0) {
      wrong(update, "condition " + type + " went " + from + " to " + to + " at " + now + ", before " + then);
    }
  }

  private static Map<String, JsonNode> conditions(JsonNode status) {
    Map<String, JsonNode> conditions = new HashMap<>();
    status.path("conditions").forEach(each -> conditions.put(each.path("type").asString(""), each));
    return conditions;
  }

  private void wrong(Update update, String what) {
    problems.add(pod + " at " + update.at() + " (version "
        + update.object().path("metadata").path("resourceVersion").asString("") + "): " + what);
  }
}
