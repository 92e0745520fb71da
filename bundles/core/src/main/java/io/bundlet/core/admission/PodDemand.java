package io.bundlet.core.admission;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.origin.PodOrigin;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.QosClass;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What a pod wants of the node.
 *
 * @param uid the pod's uid
 * @param handler the runtime handler that it runs with
 * @param critical whether the cluster or the administrator says that it must run
 * @param requests what it asks for, by resource
 * @param hostPorts the node's ports that it asks for
 * @param openPorts the ports that its containers open; they are the node's own where pods of the handler have no
 *     addresses of their own
 * @param yielding whether it is not taken by a node that is short of memory: it asks for nothing and does not say that
 *     it can bear it
 */
public record PodDemand(
    String uid,
    String handler,
    boolean critical,
    SortedMap<String, Long> requests,
    List<HostPort> hostPorts,
    List<HostPort> openPorts,
    boolean yielding) {
  private static final int CRITICAL_PRIORITY = 2_000_000_000;
  private static final String MEMORY_PRESSURE = "node.kubernetes.io/memory-pressure";
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /** What this pod wants. @throws ProviderFailure {@link ProviderFailure#INVALID} naming a field that is no amount */
  public static PodDemand of(Pod pod, String handler) throws ProviderFailure {
    boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    List<Container> containers =
        Stream.concat(
            pod.getSpec().getInitContainers().stream().filter(EffectiveResources::sidecar),
            pod.getSpec().getContainers().stream()).toList();
    return new PodDemand(
        pod.getMetadata().getUid(), handler, isCritical(pod), EffectiveResources.of(pod.getSpec()).requests(),
        containers.stream().flatMap(container -> HostPort.asked(container, hostNetwork).stream()).toList(),
        containers.stream().flatMap(container -> HostPort.opened(container).stream()).toList(),
        QosClass.of(pod.getSpec()) == QosClass.BestEffort
            && pod.getSpec().getTolerations().stream().noneMatch(PodDemand::bearsMemoryPressure));
  }

  private static boolean bearsMemoryPressure(Toleration toleration) {
    String key = Objects.toString(toleration.getKey(), "");
    String effect = Objects.toString(toleration.getEffect(), "");
    boolean exists = "Exists".equals(toleration.getOperator());
    return (effect.isEmpty() || effect.equals("NoSchedule"))
        && (key.equals(MEMORY_PRESSURE) && (exists || Objects.toString(toleration.getValue(), "").isEmpty())
            || key.isEmpty() && exists);
  }

  /** Whether the pod comes from the node's own files, so that nobody else would make another one in its place. */
  public static boolean isStatic(Pod pod) {
    return PodOrigin.isStatic(pod);
  }

  /** Whether the cluster or the administrator says that it must run. */
  public static boolean isCritical(Pod pod) {
    return isStatic(pod) || mustRun(pod);
  }

  /** The same of a pod that need not come from a file for it. */
  public static boolean mustRun(Pod pod) {
    Integer priority = pod.getSpec().getPriority();
    return annotations(pod).containsKey(MIRROR) || priority != null && priority >= CRITICAL_PRIORITY;
  }

  private static Map<String, String> annotations(Pod pod) {
    return pod.getMetadata().getAnnotations() == null ? Map.of() : pod.getMetadata().getAnnotations();
  }

  /** All of the node's ports that it takes. @param sharing the handlers whose pods have the node's own addresses */
  List<HostPort> ports(Set<String> sharing) {
    return sharing.contains(handler) ? Stream.concat(hostPorts.stream(), openPorts.stream()).toList() : hostPorts;
  }
}
