package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.ContainerFacts;
import io.bundlet.api.volume.PodFacts;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** What drivers are told of a pod beside the volume's own source. */
final class VolumeRequests {
  private VolumeRequests() {}

  /** @param allocatable what the node has for pods: the limit of containers without one */
  static VolumeRequest of(
      Pod pod, VolumePlace place, Map<String, Object> source, Map<String, Quantity> allocatable)
      throws ProviderFailure {
    PodSpec spec = pod.getSpec();
    PodSecurityContext security = spec.getSecurityContext();
    String policy = security == null ? null : security.getFsGroupChangePolicy();
    return VolumeRequest.of(place, source)
        .pod(
            new PodFacts(
                Objects.toString(spec.getServiceAccountName(), ""), orEmpty(pod.getMetadata().getLabels()),
                orEmpty(pod.getMetadata().getAnnotations()), containers(spec, allocatable)))
        .fsGroup(security == null || security.getFsGroup() == null
            ? OptionalLong.empty() : OptionalLong.of(security.getFsGroup()))
        .fsGroupChangePolicy(policy == null ? VolumeRequest.ALWAYS : policy)
        .runAsUser(commonUser(spec))
        .memoryLimitBytes(EffectiveResources.sandbox(spec).memoryLimitBytes())
        .build();
  }

  private static Stream<Container> all(PodSpec spec) {
    return Stream.of(spec.getInitContainers(), spec.getContainers()).flatMap(List::stream);
  }

  /** The user of all containers, if they have the same. */
  private static OptionalLong commonUser(PodSpec spec) {
    Long ofPod = spec.getSecurityContext() == null ? null : spec.getSecurityContext().getRunAsUser();
    Set<OptionalLong> users =
        all(spec)
            .map(container -> container.getSecurityContext() == null
                || container.getSecurityContext().getRunAsUser() == null
                ? ofPod : container.getSecurityContext().getRunAsUser())
            .map(user -> user == null ? OptionalLong.empty() : OptionalLong.of(user))
            .collect(java.util.stream.Collectors.toSet());
    return users.size() == 1 ? users.iterator().next() : OptionalLong.empty();
  }

  private static Map<String, ContainerFacts> containers(PodSpec spec, Map<String, Quantity> allocatable)
      throws ProviderFailure {
    Map<String, ContainerFacts> facts = new HashMap<>();
    Map<String, BigDecimal> whole = new HashMap<>(amounts(allocatable, "allocatable"));
    if (spec.getResources() != null) {
      whole.putAll(amounts(spec.getResources().getLimits(), "spec.resources"));
    }
    for (Container container : all(spec).toList()) {
      ResourceRequirements resources = container.getResources();
      String at = "container " + container.getName() + ": resources";
      Map<String, BigDecimal> limits = new HashMap<>(whole);
      limits.putAll(amounts(resources == null ? null : resources.getLimits(), at));
      facts.put(
          container.getName(), new ContainerFacts(amounts(resources == null ? null : resources.getRequests(), at),
              limits));
    }
    return facts;
  }

  private static Map<String, BigDecimal> amounts(Map<String, Quantity> of, String at) throws ProviderFailure {
    Map<String, BigDecimal> amounts = new HashMap<>();
    for (Map.Entry<String, Quantity> entry : orEmpty(of).entrySet()) {
      long whole = Quantities.of(entry.getKey(), entry.getValue(), at);
      amounts.put(entry.getKey(), BigDecimal.valueOf(whole, entry.getKey().equals(Quantities.CPU) ? 3 : 0));
    }
    return amounts;
  }

  private static <V> Map<String, V> orEmpty(Map<String, V> map) {
    return map == null ? Map.of() : map;
  }
}
