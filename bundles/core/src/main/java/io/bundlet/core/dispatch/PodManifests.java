package io.bundlet.core.dispatch;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Turns pods into their JSON form and back. */
final class PodManifests {
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final JsonMapper json = JsonMapper.builder().build();

  Map<String, Object> tree(Pod pod) {
    return json.convertValue(pod, TREE);
  }

  Pod pod(Map<String, Object> tree) {
    return json.convertValue(tree, Pod.class);
  }
}
