package io.bundlet.api.objects;

import java.util.Objects;

/**
 * Names an object.
 *
 * @param kind its kind, such as {@link #CONFIG_MAP}
 * @param namespace its namespace
 * @param name its name
 */
public record ObjectKey(String kind, String namespace, String name) {
  /** The kind of config maps. */
  public static final String CONFIG_MAP = "ConfigMap";
  /** The kind of secrets. */
  public static final String SECRET = "Secret";

  public ObjectKey {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(name);
  }

  /** The key of a config map. */
  public static ObjectKey configMap(String namespace, String name) {
    return new ObjectKey(CONFIG_MAP, namespace, name);
  }

  /** The key of a secret. */
  public static ObjectKey secret(String namespace, String name) {
    return new ObjectKey(SECRET, namespace, name);
  }

  @Override
  public String toString() {
    return kind + " " + namespace + "/" + name;
  }
}
