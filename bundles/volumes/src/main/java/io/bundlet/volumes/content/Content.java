package io.bundlet.volumes.content;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.source.Fields;

/** Makes the files that one source asks for. */
@FunctionalInterface
public interface Content {
  /**
   * The files.
   *
   * @param source the source, such as what is below {@code configMap:}
   * @param defaultMode the mode of files that name none
   */
  Payload files(VolumeRequest request, Fields source, int defaultMode, Objects objects) throws ProviderFailure;
}
