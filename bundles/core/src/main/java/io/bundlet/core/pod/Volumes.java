package io.bundlet.core.pod;

import io.bundlet.core.store.PodRecord;
import java.util.List;
import java.util.Map;

/** Reads the volumes of a manifest in its JSON form: a volume is a name, and one key that is its kind. */
final class Volumes {
  private Volumes() {}

  @SuppressWarnings("unchecked") // the manifest was made from Kubernetes' own model
  static List<Map<String, Object>> of(PodRecord record) {
    Map<String, Object> spec = (Map<String, Object>) record.manifest().get("spec");
    Object volumes = spec.get("volumes");
    return volumes == null ? List.of() : (List<Map<String, Object>>) volumes;
  }

  static String name(Map<String, Object> volume) {
    return String.valueOf(volume.get("name"));
  }

  static String kind(Map<String, Object> volume) {
    return volume.keySet().stream().filter(key -> !key.equals("name")).findFirst().orElse("emptyDir");
  }

  @SuppressWarnings("unchecked") // as above
  static Map<String, Object> source(Map<String, Object> volume) {
    return volume.get(kind(volume)) instanceof Map<?, ?> source ? (Map<String, Object>) source : Map.of();
  }
}
