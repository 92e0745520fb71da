package io.bundlet.manifests.objects;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import java.util.Optional;

/**
 * An object and where it stands.
 *
 * @param line line of the file, from 1
 * @param key which one
 * @param configMap what it holds, if it is a config map
 * @param secret what it holds, if it is a secret
 */
public record ManifestObject(
    int line, ObjectKey key, Optional<ConfigMapData> configMap, Optional<SecretData> secret) {
  static ManifestObject of(int line, ConfigMapData data) {
    return new ManifestObject(line, data.key(), Optional.of(data), Optional.empty());
  }

  static ManifestObject of(int line, SecretData data) {
    return new ManifestObject(line, data.key(), Optional.empty(), Optional.of(data));
  }

  /** Another word for each content. */
  String version() {
    return configMap.map(ConfigMapData::version).orElseGet(() -> secret.orElseThrow().version());
  }
}
