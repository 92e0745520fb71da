package io.bundlet.volumes.content;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.source.Fields;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a secret.
 *
 * @param nameField the field with the secret's name: {@code secretName} in a volume, {@code name} in a projected one
 */
public record SecretContent(String nameField) implements Content {
  @Override
  public Payload files(VolumeRequest request, Fields source, int defaultMode, Objects objects) throws ProviderFailure {
    String namespace = request.volume().pod().namespace();
    String name = source.required(nameField);
    boolean optional = source.flag("optional");
    Optional<SecretData> found = objects.secret(namespace, name);
    if (found.isEmpty() && !optional) {
      throw source.failure(
          ProviderFailure.NOT_FOUND, nameField,
          "secret \"" + name + "\" not found in namespace " + namespace + "; add it, or set optional: true");
    }
    return KeyFiles.of(
        found.map(SecretData::data).orElse(Map.of()), source, defaultMode, "secret \"" + name + "\"", optional);
  }
}
