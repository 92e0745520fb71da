package io.bundlet.api.volume;

import io.bundlet.api.runtime.ProviderFailure;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Mounts volumes of one kind. A service with the property {@link #KIND}. Methods may be called from any thread, several
 * at a time for different volumes, and block.
 */
@ConsumerType
public interface VolumeDriver {
  /** Service property: the key of the volume source in a manifest, such as {@code hostPath}. */
  String KIND = "bundlet.volume.kind";

  /**
   * Makes the volume's content appear on the host. Idempotent; also called to refresh.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming the field; any other kind is tried again
   */
  Mounted mount(VolumeRequest request) throws ProviderFailure;

  /** Gives the volume up. Idempotent; follows no link out of the volume. */
  void unmount(VolumeId volume) throws ProviderFailure;
}
