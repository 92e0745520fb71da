package io.bundlet.apiserver.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** As much of the API's strategic merge as statuses of pods and nodes need. */
final class StrategicMerge {
  private static final Map<String, String> KEYS = Map.of("conditions", "type", "podIPs", "ip", "hostIPs", "ip",
      "addresses", "type", "ownerReferences", "uid");

  private StrategicMerge() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> merge(Map<String, Object> before, Map<String, Object> patch) {
    Map<String, Object> after = new LinkedHashMap<>(before);
    patch.forEach((field, value) -> {
      if (value == null) {
        after.remove(field);
      } else if (value instanceof Map<?, ?> map) {
        Object old = after.get(field);
        after.put(field, merge(old instanceof Map<?, ?> is ? (Map<String, Object>) is : Map.of(),
            (Map<String, Object>) map));
      } else if (value instanceof List<?> list && KEYS.containsKey(field)) {
        Object old = after.get(field);
        after.put(field, mergeList(KEYS.get(field), old instanceof List<?> is ? is : List.of(), list));
      } else {
        after.put(field, value);
      }
    });
    return after;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> mergeList(String key, List<?> before, List<?> patch) {
    List<Object> after = new ArrayList<>(before);
    for (Object element : patch) {
      if (((Map<?, ?>) element).get("$patch") instanceof String verb && verb.equals("replace")) {
        // as it is, even if two have one key
        return patch.stream().<Object>map(each -> each).filter(each -> each != element).toList();
      }
    }
    for (Object element : patch) {
      Map<String, Object> change = (Map<String, Object>) element;
      Object same = after.stream().filter(
          old -> Objects.equals(((Map<?, ?>) old).get(key), change.get(key))).findFirst().orElse(null);
      if (Objects.equals(change.get("$patch"), "delete")) {
        after.remove(same);
      } else if (same == null) {
        after.add(merge(Map.of(), change));
      } else {
        after.set(after.indexOf(same), merge((Map<String, Object>) same, change));
      }
    }
    return after;
  }
}
