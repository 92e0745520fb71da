package io.bundlet.core.resources;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.origin.PodOrigin;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigInteger;
import java.util.Map;

/** What Linux adds to a container's score when it looks for whom to end because memory is used up. */
public final class OomScore {
  /** The node's own process. */
  public static final int NODE = -999;

  private static final int GUARANTEED = -997;
  private static final int BEST_EFFORT = 1000;
  private static final int CRITICAL_PRIORITY = 2_000_000_000;
  private static final String NODE_CRITICAL = "system-node-critical";
  private static final String CONFIG_MIRROR = "kubernetes.io/config.mirror";

  private OomScore() {}

  /**
   * The score of a container of the pod.
   *
   * @param container a regular, init or sidecar container of the pod
   * @param memoryCapacity the node's memory in bytes, more than 0
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming the field that is no amount
   */
  public static int of(Pod pod, Container container, long memoryCapacity) throws ProviderFailure {
    if (nodeCritical(pod)) {
      return GUARANTEED;
    }
    return switch (QosClass.of(pod.getSpec())) {
      case Guaranteed -> GUARANTEED;
      case BestEffort -> BEST_EFFORT;
      case Burstable -> burstable(pod.getSpec(), container, memoryCapacity);
    };
  }

  /**
   * The smaller the part of the memory that it asks for, the sooner it goes; never outside of the two other classes.
   */
  private static int burstable(PodSpec spec, Container container, long capacity) throws ProviderFailure {
    long own = share(spec, container, capacity);
    boolean sidecar =
        spec.getInitContainers().stream()
            .anyMatch(init -> init.getName().equals(container.getName()) && EffectiveResources.sidecar(init));
    if (sidecar) {
      // A sidecar does not go before the containers that it serves.
      for (Container regular : spec.getContainers()) {
        own = Math.min(own, share(spec, regular, capacity));
      }
    }
    return Math.clamp(own, BEST_EFFORT + GUARANTEED, BEST_EFFORT - 1);
  }

  private static long share(PodSpec spec, Container container, long capacity) throws ProviderFailure {
    long request = memory(container) + unassigned(spec);
    return 1000 - BigInteger.valueOf(request).multiply(BigInteger.valueOf(1000))
        .divide(BigInteger.valueOf(capacity)).min(BigInteger.valueOf(1000)).intValue();
  }

  /** What of a request of the pod itself no container asks for, a container's part of it. */
  private static long unassigned(PodSpec spec) throws ProviderFailure {
    ResourceRequirements ofPod = spec.getResources();
    Map<String, Long> wanted = ResourceTotals.of(ofPod, "spec.resources").requests();
    if (!wanted.containsKey(Quantities.MEMORY)) {
      return 0;
    }
    PodSpec containersAlone = new PodSpec();
    containersAlone.setContainers(spec.getContainers());
    containersAlone.setInitContainers(spec.getInitContainers());
    long assigned =
        EffectiveResources.withoutOverhead(containersAlone).requests().getOrDefault(Quantities.MEMORY, 0L);
    long sharers = spec.getContainers().size()
        + spec.getInitContainers().stream().filter(EffectiveResources::sidecar).count();
    return Math.max(0, wanted.get(Quantities.MEMORY) - assigned) / Math.max(1, sharers);
  }

  private static long memory(Container container) throws ProviderFailure {
    return EffectiveResources.of(container, "container " + container.getName()).requests()
        .getOrDefault(Quantities.MEMORY, 0L);
  }

  /** Whether the node itself needs the pod. */
  public static boolean nodeCritical(Pod pod) {
    if (!NODE_CRITICAL.equals(pod.getSpec().getPriorityClassName())) {
      return false;
    }
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    Map<String, String> marks = annotations == null ? Map.of() : annotations;
    boolean fromElsewhere = PodOrigin.isStatic(pod);
    Integer priority = pod.getSpec().getPriority();
    return fromElsewhere || marks.containsKey(CONFIG_MIRROR) || priority != null && priority >= CRITICAL_PRIORITY;
  }
}
