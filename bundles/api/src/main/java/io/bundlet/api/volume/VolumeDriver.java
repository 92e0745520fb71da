package io.bundlet.api.volume;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Mounts volumes of one kind. A service with the property {@link #KIND}. Methods may be called from any thread,
 * several at a time for different volumes and never two at a time for one; all but {@link #abilities} and {@link
 * #part} block. An interrupted call ends within a second with {@link ProviderFailure#UNAVAILABLE} and leaves the
 * volume as it was or as it is to be.
 *
 * <p>The process may be killed at any moment: every call begins with whatever an earlier one has left.
 */
@ConsumerType
public interface VolumeDriver {
  /** Service property: the key of the volume source in a manifest, such as {@code hostPath}. Required. */
  String KIND = "bundlet.volume.kind";

  /**
   * Service property: the plugin's name as it stands in paths, such as {@code kubernetes.io/host-path}; without it
   * the kind does. The volume's directories are below {@code pods/<uid>/volumes} and {@code pods/<uid>/plugins} and
   * carry this name, with {@code ~} for {@code /}; by it the driver of what a forgotten pod has left is found.
   */
  String PLUGIN = "bundlet.volume.plugin";

  /** What its volumes can do; always the same. */
  default VolumeAbilities abilities() {
    return VolumeAbilities.NONE;
  }

  /**
   * Makes the volume's content appear on the host. Idempotent. Also called while containers use the volume, if it can
   * be refreshed ({@link VolumeAbilities#refresh}): when an object that it read has changed, and now and then. Then a
   * reader sees the old content or the new and nothing between them, and nothing is written when nothing has changed.
   *
   * @param objects the objects that the pod may refer to. The core hears of later changes of all that is read through
   * it
   * @throws ProviderFailure naming the field. {@link ProviderFailure#INVALID}: the source is wrong as it is; {@link
   *     ProviderFailure#NOT_FOUND}: what it refers to is not there, and it is tried again at once when it comes; any
   *     other kind is tried again, too. What was mounted before stays as it was
   */
  Mounted mount(VolumeRequest request, Objects objects) throws ProviderFailure;

  /**
   * Gives the volume up, and everything that the driver has put into its two directories, these themselves, too.
   * Idempotent; follows no link out of the volume, whoever made it and whenever. Nobody uses the volume any more.
   *
   * @throws ProviderFailure of any kind: it is tried again
   */
  void unmount(VolumePlace place) throws ProviderFailure;

  /**
   * What this driver holds of pods elsewhere than in directories that the core has set aside, so that what belongs to
   * no pod any more can be found. The core itself finds what is left by the pods that it remembers.
   */
  default List<VolumePlace> list() throws ProviderFailure {
    return List.of();
  }

  /** An optional ability by its interface, such as {@link UsagePart}; empty when this driver lacks it. */
  default <P> Optional<P> part(Class<P> part) {
    return Optional.empty();
  }
}
