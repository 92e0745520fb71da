package io.bundlet.volumes.content;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.atomic.PayloadFile;
import io.bundlet.volumes.atomic.PayloadProblem;
import io.bundlet.volumes.source.Fields;
import java.util.Map;

/** Chooses the keys of an object that become files. */
final class KeyFiles {
  private KeyFiles() {}

  /**
   * All keys, or those that {@code items} lists.
   *
   * @param object what the values belong to, for messages
   * @param optional whether a key that is listed may be missing
   */
  static Payload of(Map<String, byte[]> values, Fields source, int defaultMode, String object, boolean optional)
      throws ProviderFailure {
    Payload payload = new Payload();
    if (!source.has("items") || source.list("items").isEmpty()) {
      for (Map.Entry<String, byte[]> entry : values.entrySet()) {
        put(payload, entry.getKey(), new PayloadFile(entry.getValue(), defaultMode), source, "");
      }
      return payload;
    }
    for (Fields item : source.list("items")) {
      String key = item.required("key");
      byte[] value = values.get(key);
      if (value == null && !optional) {
        throw item.failure(
            ProviderFailure.NOT_FOUND, "key", object + " has no key \"" + key + "\"; add it there, or set "
                + "optional: true");
      } else if (value != null) {
        put(payload, item.required("path"), new PayloadFile(value, item.mode("mode", defaultMode)), item, "path");
      }
    }
    return payload;
  }

  static void put(Payload payload, String path, PayloadFile file, Fields source, String field) throws ProviderFailure {
    try {
      payload.put(path, file);
    } catch (PayloadProblem problem) {
      throw source.wrong(field, problem.getMessage());
    }
  }
}
