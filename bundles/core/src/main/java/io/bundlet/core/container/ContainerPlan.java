package io.bundlet.core.container;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.util.List;

/**
 * A container as its pod wants it.
 *
 * @param name its name in the pod
 * @param type what it is in its pod
 * @param image as in the manifest
 * @param pullPolicy when the image is pulled
 * @param restart when it is made again
 * @param manifest its manifest: probes, hooks, named ports
 * @param grace how long it may take to end when it is ended for its own sake
 * @param messageBytes how long its termination message may be
 * @param config resolves the description for one attempt
 */
public record ContainerPlan(
    String name,
    ContainerType type,
    String image,
    PullPolicy pullPolicy,
    RestartRules restart,
    Container manifest,
    Duration grace,
    int messageBytes,
    Resolver config) {
  /** The same of another image. */
  public ContainerPlan withImage(String other) {
    return new ContainerPlan(name, type, other, pullPolicy, restart, manifest, grace, messageBytes, config);
  }

  /** The same with what its manifest says beside the image. */
  public ContainerPlan withManifest(Container other) {
    return new ContainerPlan(name, type, image, pullPolicy, restart, other, grace, messageBytes, config);
  }

  /** Resolves a container's description. */
  @FunctionalInterface
  public interface Resolver {
    /**
     * The description for this attempt. May block.
     *
     * @throws ProviderFailure {@link ProviderFailure#INVALID} naming the field; with the reason {@code
     *     CreateContainerConfigError} when it can be tried again
     */
    ContainerConfig resolve(int attempt, ImageRef image) throws ProviderFailure;

    /**
     * As whom the registry of an image may be asked for it, in the order in which it is tried; none: as anybody. May
     * block.
     *
     * @throws ProviderFailure when that cannot be read
     */
    default List<RegistryCredentials> credentials(String image) throws ProviderFailure {
      return List.of();
    }

    /** Another number after each change of what the description is made from; quick. */
    default long changes() {
      return 0;
    }
  }
}
