package io.bundlet.apiserver.objects;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.apiserver.call.Requests;
import java.util.Map;

/** Where objects stand in the API. */
final class Paths {
  private Paths() {}

  /** All of the key's kind in its namespace. */
  static String list(ObjectKey key) {
    String plural = key.kind().equals(ObjectKey.SECRET) ? "secrets" : "configmaps";
    return "/api/v1/namespaces/" + Requests.encoded(key.namespace()) + "/" + plural;
  }

  /** The one object. */
  static String one(ObjectKey key) {
    return list(key) + "/" + Requests.encoded(key.name());
  }

  /** Where tokens of a service account are asked for. */
  static String token(String namespace, String serviceAccount) {
    return "/api/v1/namespaces/" + Requests.encoded(namespace) + "/serviceaccounts/"
        + Requests.encoded(serviceAccount) + "/token";
  }

  /** Whether an object is the key's. */
  static boolean is(ObjectKey key, Map<String, Object> object) {
    return text(object, "metadata", "name").equals(key.name())
        && text(object, "metadata", "namespace").equals(key.namespace());
  }
}
