package io.bundlet.apiserver.objects;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.apiserver.call.Trees;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Makes values of what the server has sent. */
final class ObjectReading {
  private ObjectReading() {}

  static ConfigMapData configMap(ObjectKey key, Map<String, Object> tree) throws ProviderFailure {
    Map<String, String> data = new HashMap<>();
    Trees.object(tree, "data").forEach((name, value) -> {
      if (value instanceof String text) {
        data.put(name, text);
      }
    });
    Map<String, byte[]> binary = decoded(key, tree, "binaryData");
    binary.keySet().removeAll(data.keySet());
    return new ConfigMapData(key, version(tree), data, binary, immutable(tree));
  }

  static SecretData secret(ObjectKey key, Map<String, Object> tree) throws ProviderFailure {
    return new SecretData(key, version(tree), text(tree, "type"), decoded(key, tree, "data"), immutable(tree));
  }

  private static Map<String, byte[]> decoded(ObjectKey key, Map<String, Object> tree, String field)
      throws ProviderFailure {
    Map<String, byte[]> decoded = new HashMap<>();
    for (Map.Entry<String, Object> entry : Trees.object(tree, field).entrySet()) {
      try {
        decoded.put(entry.getKey(), Base64.getDecoder().decode(entry.getValue() instanceof String text ? text : ""));
      } catch (IllegalArgumentException e) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE,
            key + ": what the API server sent for the key " + entry.getKey() + " is not Base64");
      }
    }
    return decoded;
  }

  private static String version(Map<String, Object> tree) {
    return text(tree, "metadata", "uid") + "/" + text(tree, "metadata", "resourceVersion");
  }

  private static boolean immutable(Map<String, Object> tree) {
    return Boolean.TRUE.equals(tree.get("immutable"));
  }
}
