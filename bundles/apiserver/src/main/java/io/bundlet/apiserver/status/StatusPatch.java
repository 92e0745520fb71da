package io.bundlet.apiserver.status;

import static io.bundlet.apiserver.call.Trees.list;
import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.apiserver.call.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The difference between two statuses as a strategic merge patch, which changes nothing but the kubelet's own fields
 * and conditions, whatever others write meanwhile. Lists of containers are replaced whole, as the API's schema has it;
 * so are those of addresses, which it would merge.
 */
final class StatusPatch {
  private static final List<String> REPLACED = List.of("initContainerStatuses", "containerStatuses",
      "ephemeralContainerStatuses", "phase", "reason", "message");

  /** What is written when there is something to write, and never taken back. */
  private static final List<String> ADDED = List.of("hostIP", "podIP", "startTime", "qosClass", "observedGeneration");

  private StatusPatch() {}

  /**
   * What must be written into the status.
   *
   * @param before the whole status in the server
   * @param wanted from {@link StatusRules#wanted}
   * @return empty when nothing must be
   */
  static Map<String, Object> between(Map<String, Object> before, Map<String, Object> wanted) {
    Map<String, Object> patch = new LinkedHashMap<>();
    for (String field : REPLACED) {
      Object old = Trees.canonical(before.get(field));
      Object value = wanted.get(field);
      if (!Objects.equals(old, value)) {
        patch.put(field, value);
      }
    }
    for (String field : ADDED) {
      Object value = wanted.get(field);
      if (value != null && !value.equals(Trees.canonical(before.get(field)))) {
        patch.put(field, value);
      }
    }
    addresses(before, wanted, "hostIPs", patch);
    addresses(before, wanted, "podIPs", patch);
    List<Object> conditions = conditions(list(before, "conditions"), list(wanted, "conditions"));
    if (!conditions.isEmpty()) {
      patch.put("conditions", conditions);
    }
    return patch;
  }

  private static void addresses(
      Map<String, Object> before, Map<String, Object> wanted, String field, Map<String, Object> patch) {
    Object value = wanted.get(field);
    if (value != null && !value.equals(Trees.canonical(before.get(field)))) {
      List<Object> whole = new ArrayList<>();
      whole.add(Map.of("$patch", "replace"));
      whole.addAll(list(wanted, field));
      patch.put(field, whole);
    }
  }

  private static List<Object> conditions(List<Object> before, List<Object> wanted) {
    List<Object> changed = new ArrayList<>();
    for (Object condition : wanted) {
      Object old = Trees.canonical(StatusRules.typed(before, text(condition, "type")));
      if (!condition.equals(old)) {
        Map<String, Object> written = new LinkedHashMap<>(Trees.object(condition));
        // a merge keeps what is not named
        Trees.object(old).keySet().forEach(key -> written.putIfAbsent(key, null));
        changed.add(written);
      }
    }
    for (Object condition : before) {
      String type = text(condition, "type");
      boolean left = !type.equals("DisruptionTarget") && StatusRules.owned(type);
      if (left && StatusRules.typed(wanted, type) == null) {
        changed.add(Map.of("$patch", "delete", "type", type));
      }
    }
    return changed;
  }
}
