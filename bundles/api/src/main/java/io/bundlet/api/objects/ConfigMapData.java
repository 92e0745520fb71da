package io.bundlet.api.objects;

import java.util.Map;

/**
 * What a config map holds. No key is in both maps.
 *
 * @param key which one
 * @param version another word for each state of the object; says nothing about order
 * @param data its texts by key
 * @param binaryData its other values by key; the arrays belong to everybody and are never written to
 * @param immutable whether it never changes while it is there
 */
public record ConfigMapData(
    ObjectKey key, String version, Map<String, String> data, Map<String, byte[]> binaryData, boolean immutable) {
  public ConfigMapData {
    data = Map.copyOf(data);
    binaryData = Map.copyOf(binaryData);
  }

  /** The keys alone: values may be long. */
  @Override
  public String toString() {
    return key + " version " + version + " " + data.keySet() + " " + binaryData.keySet();
  }
}
