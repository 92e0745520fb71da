package io.bundlet.volumes.content;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.source.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The values of a config map, texts and others. */
public final class ConfigMapContent implements Content {
  @Override
  public Payload files(VolumeRequest request, Fields source, int defaultMode, Objects objects) throws ProviderFailure {
    String namespace = request.volume().pod().namespace();
    String name = source.required("name");
    boolean optional = source.flag("optional");
    Optional<ConfigMapData> found = objects.configMap(namespace, name);
    if (found.isEmpty() && !optional) {
      throw source.failure(
          ProviderFailure.NOT_FOUND, "name",
          "configmap \"" + name + "\" not found in namespace " + namespace + "; add it, or set optional: true");
    }
    Map<String, byte[]> values = new TreeMap<>();
    found.ifPresent(
        map -> {
          map.data().forEach((key, text) -> values.put(key, text.getBytes(StandardCharsets.UTF_8)));
          values.putAll(map.binaryData());
        });
    return KeyFiles.of(values, source, defaultMode, "configmap \"" + name + "\"", optional);
  }
}
