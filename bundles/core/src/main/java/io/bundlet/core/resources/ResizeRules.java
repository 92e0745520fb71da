package io.bundlet.core.resources;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What of a running pod's resources may become other ones, by the rules of Kubernetes. */
public final class ResizeRules {
  private static final Set<String> CHANGEABLE = Set.of(Quantities.CPU, Quantities.MEMORY);

  private ResizeRules() {}

  /**
   * Why a pod can never go from the one to the other while it runs; empty when it may.
   *
   * @param to the same containers with other resources
   */
  public static Optional<String> refused(PodSpec from, PodSpec to) {
    try {
      for (int i = 0; i < to.getContainers().size(); i++) {
        String path = "spec.containers[" + i + "]";
        Optional<String> refused = refused(from.getContainers().get(i), to.getContainers().get(i), path);
        if (refused.isPresent()) {
          return refused;
        }
      }
      QosClass before = QosClass.of(from);
      QosClass after = QosClass.of(to);
      return before == after
          ? Optional.empty()
          : Optional.of("spec: the pod is " + before + " and would become " + after + ", which a running pod cannot");
    } catch (ProviderFailure noAmount) {
      return Optional.of(noAmount.getMessage());
    }
  }

  private static Optional<String> refused(Container from, Container to, String path) throws ProviderFailure {
    ResourceTotals before = EffectiveResources.of(from, path);
    ResourceTotals after = EffectiveResources.of(to, path);
    for (Map.Entry<String, Long> request : after.requests().entrySet()) {
      Long limit = after.limits().get(request.getKey());
      if (limit != null && request.getValue() > limit) {
        return Optional.of(path + ".resources.requests[" + request.getKey() + "]: is more than the limit");
      }
    }
    return refused(before.requests(), after.requests(), path + ".resources.requests")
        .or(() -> refused(before.limits(), after.limits(), path + ".resources.limits"));
  }

  private static Optional<String> refused(
      SortedMap<String, Long> before, SortedMap<String, Long> after, String path) {
    SortedMap<String, Long> others = new TreeMap<>(before);
    others.keySet().removeAll(CHANGEABLE);
    SortedMap<String, Long> othersAfter = new TreeMap<>(after);
    othersAfter.keySet().removeAll(CHANGEABLE);
    if (!others.equals(othersAfter)) {
      return Optional.of(path + ": only cpu and memory of a running container can be changed");
    }
    List<String> taken = before.keySet().stream().filter(name -> !after.containsKey(name)).toList();
    return taken.isEmpty()
        ? Optional.empty()
        : Optional.of(path + "[" + taken.getFirst() + "]: can be changed while the container runs, not taken away");
  }
}
