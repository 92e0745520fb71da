package io.bundlet.core.status;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.PodView;
import io.bundlet.core.container.ContainerType;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A pod's status as Kubernetes' API has it, made from what the pod's worker tells. */
public final class KubernetesStatus {
  /** What holds a pod up before it has begun is told of it; later only how it ended, as the rest goes by events. */
  private static final String BEFORE_ITS_BEGIN = "Admission";

  private KubernetesStatus() {}

  /**
   * The whole status.
   *
   * @param view what people are told at the same time
   * @param podIps all addresses of the pod; none while it has none
   * @param hostIps the node's, the first one being its address
   * @param containers all of the pod's, in the manifest's order
   * @param runtime what stands before {@code ://} in the containers' ids
   */
  public static PodStatus of(
      PodView view, Pod pod, List<String> podIps, List<String> hostIps, List<ContainerFact> containers,
      String runtime) {
    Long generation = pod.getMetadata().getGeneration();
    List<String> host = onePerFamily(hostIps, hostIps);
    List<String> own = onePerFamily(podIps, hostIps);
    boolean explained =
        Set.of(Phases.SUCCEEDED, Phases.FAILED).contains(view.phase()) || view.state().equals(BEFORE_ITS_BEGIN);
    return new PodStatusBuilder()
        .withObservedGeneration(generation)
        .withPhase(view.phase())
        .withReason(explained ? ContainerStatuses.absent(view.reason()) : null)
        .withMessage(explained ? ContainerStatuses.absent(view.message()) : null)
        .withConditions(view.conditions().stream().map(condition -> condition(condition, generation)).toList())
        .withHostIP(host.isEmpty() ? null : host.getFirst())
        .withHostIPs(host.stream().map(HostIP::new).toList())
        .withPodIP(own.isEmpty() ? null : own.getFirst())
        .withPodIPs(own.stream().map(PodIP::new).toList())
        .withStartTime(KubernetesTime.text(view.startedAt()))
        .withInitContainerStatuses(
            statuses(
                containers, runtime, type -> type == ContainerType.INIT || type == ContainerType.SIDECAR))
        .withContainerStatuses(byName(statuses(containers, runtime, type -> type == ContainerType.REGULAR)))
        .withEphemeralContainerStatuses(
            byName(statuses(containers, runtime, type -> type == ContainerType.EPHEMERAL)))
        .withQosClass(ContainerStatuses.absent(view.qosClass()))
        .build();
  }

  private static List<ContainerStatus> statuses(
      List<ContainerFact> containers, String runtime, Predicate<ContainerType> which) {
    return containers.stream()
        .filter(fact -> which.test(fact.snapshot().type()))
        .map(fact -> ContainerStatuses.of(fact, runtime))
        .toList();
  }

  private static List<ContainerStatus> byName(List<ContainerStatus> all) {
    return all.stream().sorted(Comparator.comparing(ContainerStatus::getName)).toList();
  }

  private static PodCondition condition(ConditionView from, Long generation) {
    return new PodConditionBuilder()
        .withType(from.type())
        .withStatus(from.status())
        .withReason(ContainerStatuses.absent(from.reason()))
        .withMessage(ContainerStatuses.absent(from.message()))
        .withLastTransitionTime(KubernetesTime.text(from.since()))
        .withObservedGeneration(generation)
        .build();
  }

  /** The first of each family, that of the node's first address before the other. */
  static List<String> onePerFamily(List<String> addresses, List<String> hostIps) {
    Map<Boolean, String> firsts = new LinkedHashMap<>();
    addresses.stream().filter(address -> !address.isEmpty()).forEach(one -> firsts.putIfAbsent(six(one), one));
    boolean sixFirst = !hostIps.isEmpty() && six(hostIps.getFirst());
    return firsts.keySet().stream().sorted(Comparator.comparing(six -> six != sixFirst)).map(firsts::get).toList();
  }

  private static boolean six(String address) {
    return address.indexOf(':') >= 0;
  }
}
