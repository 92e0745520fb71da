package io.bundlet.apiserver.status;

import static io.bundlet.apiserver.call.Trees.at;
import static io.bundlet.apiserver.call.Trees.list;
import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.apiserver.call.Trees;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The status that shall stand in the API server, from what stands there and what the node says. What others wrote is
 * kept; what may never change again does not. Everything is pure and of JSON trees.
 */
final class StatusRules {
  /** The conditions that are the kubelet's; others belong to others. */
  private static final Set<String> OWNED = Set.of("PodScheduled", "Ready", "Initialized", "ContainersReady",
      "PodReadyToStartContainers", "PodResizePending", "PodResizeInProgress", "AllContainersRestarting");

  /** The condition that the kubelet and controllers write. */
  private static final String DISRUPTION_TARGET = "DisruptionTarget";

  /** The fields that the kubelet writes; any other is left as it is. */
  private static final List<String> FIELDS = List.of("phase", "reason", "message", "hostIP", "hostIPs", "podIP",
      "podIPs", "startTime", "qosClass", "observedGeneration", "initContainerStatuses", "containerStatuses",
      "ephemeralContainerStatuses");

  private StatusRules() {}

  /**
   * The kubelet's part of the status that shall stand in the server: its fields, and its conditions.
   *
   * @param pod as it stands in the server
   * @param said the status that the node says
   * @param running whether something of the pod may still run
   */
  static Map<String, Object> wanted(Map<String, Object> pod, Map<String, Object> said, boolean running) {
    Map<String, Object> before = Trees.object(pod, "status");
    Map<String, Object> wanted = new LinkedHashMap<>();
    for (String field : FIELDS) {
      Object value = Trees.canonical(wholeSeconds(field, said.get(field)));
      if (value != null) {
        wanted.put(field, value);
      }
    }
    keep(before, wanted, "startTime");
    keep(before, wanted, "qosClass");
    boolean ends = !terminal(before) && terminal(wanted);
    if (ends && running) {
      // nobody may take its place before its last container has ended
      for (String field : List.of("phase", "reason", "message")) {
        wanted.remove(field);
        keep(before, wanted, field);
      }
      wanted.putIfAbsent("phase", "Running");
    }
    wanted.put("conditions", conditions(before, said, ends && !running));
    return wanted;
  }

  /** Why the server must not be told this; empty when it may. */
  static Optional<String> refusal(Map<String, Object> pod, Map<String, Object> wanted) {
    Map<String, Object> before = Trees.object(pod, "status");
    if (terminal(before) && !text(before, "phase").equals(text(wanted, "phase"))) {
      return Optional.of("its phase is " + text(before, "phase") + " for good, not " + text(wanted, "phase"));
    }
    String policy = text(pod, "spec", "restartPolicy");
    if (policy.isEmpty() || policy.equals("Always")) {
      return Optional.empty();
    }
    for (Object container : list(wanted, "containerStatuses")) {
      String name = text(container, "name");
      Object ended = at(named(list(before, "containerStatuses"), name), "state", "terminated");
      boolean forGood = ended != null && (policy.equals("Never") || Trees.number(ended, 0, "exitCode") == 0);
      if (forGood && at(container, "state", "terminated") == null) {
        return Optional.of("container " + name + " has ended for good by restartPolicy " + policy);
      }
    }
    return Optional.empty();
  }

  /** Whether a status says that the pod does not run again. */
  static boolean terminal(Map<String, Object> status) {
    String phase = text(status, "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether a condition is one that this node may write at all. */
  static boolean owned(String type) {
    return OWNED.contains(type) || type.equals(DISRUPTION_TARGET);
  }

  /** The element with this name. */
  static Object named(List<Object> elements, String name) {
    return elements.stream().filter(element -> text(element, "name").equals(name)).findFirst().orElse(null);
  }

  /** The element with this type. */
  static Object typed(List<Object> elements, String type) {
    return elements.stream().filter(element -> text(element, "type").equals(type)).findFirst().orElse(null);
  }

  private static void keep(Map<String, Object> before, Map<String, Object> wanted, String field) {
    Object kept = Trees.canonical(before.get(field));
    if (kept != null) {
      wanted.put(field, kept);
    }
  }

  private static List<Object> conditions(Map<String, Object> before, Map<String, Object> said, boolean endsNow) {
    List<Object> old = list(before, "conditions");
    List<Object> wanted = new ArrayList<>();
    for (Object condition : list(said, "conditions")) {
      String type = text(condition, "type");
      boolean mine = OWNED.contains(type) || type.equals(DISRUPTION_TARGET) && (endsNow || typed(old, type) != null);
      if (mine && Trees.canonical(wholeSeconds("conditions", condition)) instanceof Map<?, ?> canonical) {
        Map<String, Object> kept = new LinkedHashMap<>();
        canonical.forEach((key, value) -> kept.put((String) key, value));
        Object standing = typed(old, type);
        String since = text(standing, "lastTransitionTime");
        boolean same = text(standing, "status").equals(text(kept, "status"));
        if (!since.isEmpty() && (same || isLater(since, text(kept, "lastTransitionTime")))) {
          // what the node has forgotten meanwhile is no transition; and what a controller said while the node was away
          // was no moment of the node's: it turns back at the controller's moment, as times never go back
          kept.put("lastTransitionTime", since);
        }
        wanted.add(kept);
      }
    }
    return wanted;
  }

  /** Times as the server keeps them: it would cut them itself, and everything would always seem to differ. */
  private static Object wholeSeconds(String name, Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> cut = new LinkedHashMap<>();
        map.forEach((key, inner) -> cut.put((String) key, wholeSeconds((String) key, inner)));
        yield cut;
      }
      case List<?> list -> list.stream().map(inner -> wholeSeconds(name, inner)).toList();
      case String text when name.endsWith("Time") || name.endsWith("At") -> wholeSecond(text);
      case null -> "";
      default -> value;
    };
  }

  private static boolean isLater(String time, String other) {
    try {
      return Instant.parse(time).isAfter(Instant.parse(other));
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static String wholeSecond(String time) {
    try {
      return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (DateTimeException e) {
      return time;
    }
  }
}
