package io.bundlet.core.eviction;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.Signal;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.Quantities;
import io.bundlet.core.usage.PodUse;
import io.bundlet.core.usage.VolumeUse;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a pod takes more of the disk than it may by its own manifest. The messages are those of the kubelet. */
final class StorageLimits {
  private static final Logger LOG = LoggerFactory.getLogger(StorageLimits.class);

  private StorageLimits() {}

  /** What is exceeded, for the pod's status; the first of volumes, the pod as a whole, and its containers. */
  static Optional<String> exceeded(Pod pod, PodUse use) {
    try {
      return volume(pod, use).or(() -> whole(pod, use)).or(() -> container(pod, use));
    } catch (Unreadable unreadable) {
      // It was admitted by a version that could read it.
      LOG.debug("a limit of pod {} is not known: {}", pod.getMetadata().getUid(), unreadable.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<String> volume(Pod pod, PodUse use) {
    if (use.disk().isEmpty()) {
      return Optional.empty();
    }
    for (Volume volume : pod.getSpec().getVolumes()) {
      VolumeUse of = use.disk().get().volumes().get(volume.getName());
      if (of == null) {
        continue;
      }
      Quantity own = volume.getEmptyDir() == null ? null : volume.getEmptyDir().getSizeLimit();
      long limit = own == null ? of.limitBytes() : bytes(own);
      if (limit > 0 && (of.unmeasurable() || of.bytes() > limit)) {
        String kind = volume.getEmptyDir() == null ? "volume" : "EmptyDir volume";
        return Optional.of(
            "Usage of " + kind + " \"" + volume.getName() + "\" exceeds the limit \""
            + (own == null ? Signal.NODEFS_AVAILABLE.text(limit) : text(own)) + "\". ");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> whole(Pod pod, PodUse use) {
    Long limit;
    try {
      limit = EffectiveResources.withoutOverhead(pod.getSpec()).limits().get(Machine.STORAGE);
    } catch (ProviderFailure unreadable) {
      throw new Unreadable(unreadable);
    }
    OptionalLong taken = use.diskBytes();
    boolean more = limit != null && taken.isPresent() && (use.unmeasurable() || taken.getAsLong() > limit);
    return more
        ? Optional.of(
            "Pod ephemeral local storage usage exceeds the total limit of containers "
            + Signal.NODEFS_AVAILABLE.text(limit) + ". ")
        : Optional.empty();
  }

  private static Optional<String> container(Pod pod, PodUse use) {
    for (Container container : pod.getSpec().getContainers()) {
      Quantity limit = container.getResources() == null || container.getResources().getLimits() == null ? null
          : container.getResources().getLimits().get(Machine.STORAGE);
      if (limit != null && use.diskBytes(container.getName()).orElse(0) > bytes(limit)) {
        return Optional.of(
            "Container " + container.getName() + " exceeded its local ephemeral storage limit \"" + text(limit)
            + "\". ");
      }
    }
    return Optional.empty();
  }

  private static long bytes(Quantity quantity) {
    try {
      return Quantities.units(quantity, "limit");
    } catch (ProviderFailure unreadable) {
      throw new Unreadable(unreadable);
    }
  }

  /** As Kubernetes writes it: binary amounts in the largest unit that loses nothing. */
  private static String text(Quantity quantity) {
    boolean decimal = quantity.toString().matches(".*[numkMGTPEe].*") && !quantity.toString().endsWith("i");
    return decimal ? quantity.toString() : Signal.NODEFS_AVAILABLE.text(bytes(quantity));
  }

  /** An amount that is none. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(ProviderFailure why) {
      super(why.getMessage(), why);
    }
  }
}
