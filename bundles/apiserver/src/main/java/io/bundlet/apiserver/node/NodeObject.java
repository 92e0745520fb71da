package io.bundlet.apiserver.node;

import io.bundlet.apiserver.call.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes requests out of how the node is and how the server has it. Conditions keep the time of the server's last change
 * as long as their status is the same.
 */
final class NodeObject {
  /** Names what we have set, so that we can take it away again when we have been started anew in between. */
  static final String OURS = "bundlet.io/set-by-node";
  static final String PATCH = "$patch";

  private NodeObject() {}

  /** What is sent to make the node. */
  static Map<String, Object> created(Map<String, Object> ours, Instant now) {
    Map<String, Object> made = new LinkedHashMap<>(ours);
    made.put("apiVersion", "v1");
    made.put("kind", "Node");
    Map<String, Object> metadata = new LinkedHashMap<>(Trees.object(ours, "metadata"));
    Map<String, Object> annotations = new LinkedHashMap<>(Trees.object(metadata, "annotations"));
    annotations.put(OURS, setByUs(ours));
    metadata.put("annotations", annotations);
    made.put("metadata", metadata);
    Map<String, Object> status = new LinkedHashMap<>(Trees.object(ours, "status"));
    status.put("conditions", conditions(ours, Map.of(), now));
    made.put("status", status);
    return made;
  }

  /** What is sent to make the server's object like ours, complete. */
  static Map<String, Object> patch(Map<String, Object> ours, Map<String, Object> server, Instant now) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("labels", withRemovals(ours, server, "labels"));
    Map<String, Object> annotations = withRemovals(ours, server, "annotations");
    annotations.put(OURS, setByUs(ours));
    metadata.put("annotations", annotations);
    Map<String, Object> status = new LinkedHashMap<>(Trees.object(ours, "status"));
    List<Object> conditions = conditions(ours, server, now);
    for (String gone : before(server, "conditions")) {
      if (conditions.stream().noneMatch(condition -> Trees.text(condition, "type").equals(gone))) {
        conditions.add(Map.of(PATCH, "delete", "type", gone));
      }
    }
    status.put("conditions", conditions);
    // Two addresses may be of one type, which is the key by which they would be merged.
    List<Object> addresses = new ArrayList<>(Trees.list(ours, "status", "addresses"));
    if (!addresses.isEmpty()) {
      addresses.add(Map.of(PATCH, "replace"));
      status.put("addresses", addresses);
    }
    return Map.of("metadata", metadata, "status", status);
  }

  /** The conditions with the time of this report, and with that of their last change. */
  private static List<Object> conditions(Map<String, Object> ours, Map<String, Object> server, Instant now) {
    String report = time(now);
    List<Object> conditions = new ArrayList<>();
    for (Object condition : Trees.list(ours, "status", "conditions")) {
      Map<String, Object> sent = new LinkedHashMap<>(Trees.object(condition));
      sent.put("lastHeartbeatTime", report);
      Map<String, Object> known = condition(server, Trees.text(condition, "type"));
      String changed = Trees.text(known, "lastTransitionTime");
      boolean same = !changed.isEmpty() && Objects.equals(known.get("status"), sent.get("status"));
      if (same) {
        sent.put("lastTransitionTime", changed);
      } else if (!known.isEmpty() || Trees.text(sent, "lastTransitionTime").isEmpty()) {
        sent.put("lastTransitionTime", report);
      }
      conditions.add(sent);
    }
    return conditions;
  }

  private static Map<String, Object> condition(Map<String, Object> node, String type) {
    return Trees.list(node, "status", "conditions").stream()
        .filter(condition -> Trees.text(condition, "type").equals(type)).map(condition -> Trees.object(condition))
        .findFirst().orElse(Map.of());
  }

  private static Map<String, Object> withRemovals(
      Map<String, Object> ours, Map<String, Object> server, String kind) {
    Map<String, Object> values = new LinkedHashMap<>(Trees.object(ours, "metadata", kind));
    for (String gone : before(server, kind)) {
      values.putIfAbsent(gone, null);
    }
    return values;
  }

  /** The names that we have set when we wrote last. */
  private static Set<String> before(Map<String, Object> server, String kind) {
    Set<String> names = new LinkedHashSet<>();
    for (String word : Trees.text(server, "metadata", "annotations", OURS).split(" ")) {
      if (word.startsWith(kind + ":")) {
        names.add(word.substring(kind.length() + 1));
      }
    }
    return names;
  }

  private static String setByUs(Map<String, Object> ours) {
    List<String> words = new ArrayList<>();
    Trees.object(ours, "metadata", "labels").keySet().forEach(name -> words.add("labels:" + name));
    Trees.object(ours, "metadata", "annotations").keySet().forEach(name -> words.add("annotations:" + name));
    Trees.list(ours, "status", "conditions").forEach(
        condition -> words.add("conditions:" + Trees.text(condition, "type")));
    return String.join(" ", words);
  }

  /** What of a node makes a report necessary when it changes: everything of ours but times. */
  static Object essence(Map<String, Object> ours) {
    Map<String, Object> status = new LinkedHashMap<>(Trees.object(ours, "status"));
    status.put("conditions", untimed(Trees.list(ours, "status", "conditions")));
    return Trees.canonical(Map.of(
        "labels", Trees.object(ours, "metadata", "labels"),
        "annotations", Trees.object(ours, "metadata", "annotations"),
        "status", status));
  }

  /** The same of the server's object, of that which we have said in ours and nobody else. */
  static Object essence(Map<String, Object> server, Map<String, Object> ours) {
    Map<String, Object> status = new LinkedHashMap<>();
    Map<String, Object> said = Trees.object(ours, "status");
    for (String part : said.keySet()) {
      Object there = Trees.at(server, "status", part);
      switch (part) {
        case "conditions" -> status.put(part, untimed(Trees.list(said, part).stream()
            .<Object>map(condition -> condition(server, Trees.text(condition, "type"))).toList()));
        case "capacity", "allocatable" -> status.put(part, those(there, Trees.object(said, part)));
        default -> status.put(part, there);
      }
    }
    return Trees.canonical(Map.of(
        "labels", those(Trees.at(server, "metadata", "labels"), Trees.object(ours, "metadata", "labels")),
        "annotations",
        those(Trees.at(server, "metadata", "annotations"), Trees.object(ours, "metadata", "annotations")),
        "status", status));
  }

  private static Map<String, Object> those(Object there, Map<String, Object> named) {
    Map<String, Object> those = new LinkedHashMap<>();
    named.keySet().forEach(name -> those.put(name, Trees.at(there, name)));
    return those;
  }

  private static List<Object> untimed(List<Object> conditions) {
    List<Object> untimed = new ArrayList<>();
    for (Object condition : conditions) {
      Map<String, Object> copy = new LinkedHashMap<>(Trees.object(condition));
      copy.remove("lastHeartbeatTime");
      copy.remove("lastTransitionTime");
      untimed.add(copy);
    }
    return untimed;
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
