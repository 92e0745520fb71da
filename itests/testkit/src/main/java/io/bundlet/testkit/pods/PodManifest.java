package io.bundlet.testkit.pods;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A pod that is described once for all runtimes: a pod's spec as YAML, where {@code annotations} and {@code labels} may
 * stand, too, and where a container has {@code do} with the steps of its script instead of an image and a command.
 * {@code main: [STEPS]} is short for a pod with this one container. A probe's or a hook's {@code do} is its command.
 */
public final class PodManifest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private PodManifest() {}

  /** The manifest of the pod for a runtime, as JSON. @param name also replaces {@code $ID} */
  public static String of(String name, String text, Runtime runtime, Runtime.Images images) {
    Map<?, ?> given = YAML.readValue(text.replace("$ID", name), Map.class);
    Map<String, Object> spec = new LinkedHashMap<>();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    spec.put("runtimeClassName", runtime.handler());
    given.forEach((key, value) -> {
      switch (key.toString()) {
        case "annotations", "labels" -> metadata.put(key.toString(), value);
        case "main" ->
            spec.put("containers", containers(List.of(Map.of("name", "main", "do", value)), runtime, images));
        case "containers", "initContainers" -> spec.put(key.toString(), containers((List<?>) value, runtime, images));
        default -> spec.put(key.toString(), value);
      }
    });
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("apiVersion", "v1");
    pod.put("kind", "Pod");
    pod.put("metadata", metadata);
    pod.put("spec", spec);
    return JsonFile.JSON.writeValueAsString(pod);
  }

  private static List<Object> containers(List<?> given, Runtime runtime, Runtime.Images images) {
    List<Object> all = new ArrayList<>();
    for (Object each : given) {
      Map<String, Object> container = new LinkedHashMap<>();
      ((Map<?, ?>) each).forEach((key, value) -> container.put(key.toString(), commands(value, runtime)));
      Object script = container.remove("do");
      if (script != null) {
        runtime.container(steps(((Map<?, ?>) each).get("do")), images).forEach(container::putIfAbsent);
      }
      all.add(container);
    }
    return all;
  }

  private static List<String> steps(Object script) {
    return script instanceof List<?> list ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(script));
  }

  /** Below a container each {@code do} is a command. */
  private static Object commands(Object value, Runtime runtime) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> changed = new LinkedHashMap<>();
      map.forEach((key, each) -> {
        if (key.equals("do")) {
          changed.put("exec", Map.of("command", runtime.command(steps(each))));
        } else {
          changed.put(key.toString(), commands(each, runtime));
        }
      });
      return changed;
    }
    return value instanceof List<?> list ? list.stream().map(each -> commands(each, runtime)).toList() : value;
  }
}
