package io.bundlet.api.objects;

import java.util.Map;

/**
 * What a secret holds. Its values go into no log and no message.
 *
 * @param key which one
 * @param version another word for each state of the object; says nothing about order
 * @param type its type, such as {@code Opaque} or {@code kubernetes.io/dockerconfigjson}
 * @param data its values by key, decoded; the arrays belong to everybody and are never written to
 * @param immutable whether it never changes while it is there
 */
public record SecretData(
    ObjectKey key, String version, String type, Map<String, byte[]> data, boolean immutable) {
  public SecretData {
    data = Map.copyOf(data);
  }

  /** The keys alone, never a value. */
  @Override
  public String toString() {
    return key + " version " + version + " type " + type + " " + data.keySet();
  }
}
