package io.bundlet.core.eviction;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.Signal;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.Quantities;
import io.bundlet.core.usage.PodUse;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which pod is ended first when the node is short of something, as the Kubernetes kubelet does it: those of whom
 * nothing is known, then those that use more than they asked for, then by priority, then those that use most beyond
 * what they asked for. Of what nobody measures, priority alone counts.
 *
 * @param signal what the node is short of
 * @param uses what pods use, by uid, read once so that it does not change under a comparison
 */
record Ranking(Signal signal, Map<String, Optional<PodUse>> uses) {
  private static final Logger LOG = LoggerFactory.getLogger(Ranking.class);

  /** The first is to be ended first. */
  Comparator<Pod> order() {
    Comparator<Pod> priority =
        Comparator.comparing(pod -> Objects.requireNonNullElse(pod.getSpec().getPriority(), 0));
    if (signal == Signal.PID_AVAILABLE) {
      return priority;
    }
    return Comparator.<Pod, Boolean>comparing(pod -> used(pod).isPresent())
        .thenComparing(pod -> beyond(pod) <= 0)
        .thenComparing(priority)
        .thenComparing(Comparator.<Pod>comparingLong(this::beyond).reversed());
  }

  /** How much more it uses than it asked for; less than 0 when it is modest. */
  private long beyond(Pod pod) {
    return used(pod).orElse(0) - requested(pod);
  }

  private OptionalLong used(Pod pod) {
    Optional<PodUse> use = uses.getOrDefault(pod.getMetadata().getUid(), Optional.empty());
    if (use.isEmpty()) {
      return OptionalLong.empty();
    }
    return switch (signal) {
      case MEMORY_AVAILABLE -> use.get().memoryBytes();
      case NODEFS_AVAILABLE -> use.get().unmeasurable() ? OptionalLong.of(Long.MAX_VALUE) : use.get().diskBytes();
      case NODEFS_INODES_FREE -> use.get().unmeasurable() ? OptionalLong.of(Long.MAX_VALUE) : use.get().inodes();
      case PID_AVAILABLE -> OptionalLong.empty();
    };
  }

  private long requested(Pod pod) {
    try {
      return resource().isEmpty() ? 0
          : EffectiveResources.of(pod.getSpec()).requests().getOrDefault(resource().get(), 0L);
    } catch (ProviderFailure unreadable) {
      // It was admitted by a version that could read it.
      LOG.debug("what pod {} asked for is not known: {}", pod.getMetadata().getUid(), unreadable.getMessage());
      return 0;
    }
  }

  private Optional<String> resource() {
    return switch (signal) {
      case MEMORY_AVAILABLE -> Optional.of(Quantities.MEMORY);
      case NODEFS_AVAILABLE -> Optional.of(Machine.STORAGE);
      case NODEFS_INODES_FREE, PID_AVAILABLE -> Optional.empty();
    };
  }

  /** Which of its containers use more than they asked for, for the pod's status; may be empty. */
  String culprits(Pod pod) {
    Optional<PodUse> use = uses.getOrDefault(pod.getMetadata().getUid(), Optional.empty());
    StringBuilder text = new StringBuilder();
    if (use.isEmpty() || resource().isEmpty()) {
      return "";
    }
    for (Container container : pod.getSpec().getContainers()) {
      OptionalLong used = used(container.getName(), use.get());
      long asked = requested(container);
      if (used.isPresent() && used.getAsLong() > asked) {
        text.append("Container ").append(container.getName()).append(" was using ")
            .append(signal.text(used.getAsLong())).append(", request is ").append(signal.text(asked))
            .append(", has larger consumption of ").append(signal.resource()).append(". ");
      }
    }
    return text.toString();
  }

  private OptionalLong used(String container, PodUse use) {
    return signal == Signal.NODEFS_AVAILABLE ? use.diskBytes(container)
        : use.containers().containsKey(container) ? use.containers().get(container).memoryBytes()
        : OptionalLong.empty();
  }

  private long requested(Container container) {
    Map<String, Quantity> requests =
        container.getResources() == null ? null : container.getResources().getRequests();
    Quantity asked = requests == null ? null : requests.get(resource().orElseThrow());
    try {
      return asked == null ? 0 : Quantities.units(asked, "request");
    } catch (ProviderFailure unreadable) {
      LOG.debug("a request of container {} is not known: {}", container.getName(), unreadable.getMessage());
      return 0;
    }
  }
}
