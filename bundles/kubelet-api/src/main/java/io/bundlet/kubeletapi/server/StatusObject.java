package io.bundlet.kubeletapi.server;

import io.bundlet.kubeletapi.route.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A refusal as an object of the Kubernetes API. Who asks for another protocol gets it so: kubectl reads such an answer
 * as YAML, takes words with a colon in them for an object, and shows nothing of them.
 */
final class StatusObject {
  static final String TYPE = "application/json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StatusObject() {}

  static String of(Refusal refused) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("metadata", Map.of());
    status.put("status", "Failure");
    status.put("message", refused.getMessage());
    status.put("code", refused.status());
    return JSON.writeValueAsString(status);
  }
}
