package io.bundlet.core.resources;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A pod's class of service. The names are those of the API. */
public enum QosClass {
  /** All it may use is what it asks for. */
  Guaranteed,
  /** Anything between the two. */
  Burstable,
  /** It asks for nothing and is the first to go. */
  BestEffort;

  /** The class of a pod. @throws ProviderFailure {@link ProviderFailure#INVALID} naming the field that is no amount */
  public static QosClass of(PodSpec spec) throws ProviderFailure {
    List<ResourceTotals> all = new ArrayList<>();
    ResourceRequirements ofPod = spec.getResources();
    boolean podLevel = ofPod != null
        && (ofPod.getRequests() != null && !ofPod.getRequests().isEmpty()
            || ofPod.getLimits() != null && !ofPod.getLimits().isEmpty());
    if (podLevel) {
      all.add(counted(ResourceTotals.of(ofPod, "spec.resources")));
    } else {
      add(all, spec.getContainers(), "spec.containers");
      add(all, spec.getInitContainers(), "spec.initContainers");
    }
    ResourceTotals sum = ResourceTotals.NONE;
    boolean everyoneLimited = true;
    for (ResourceTotals one : all) {
      sum = sum.plus(one);
      everyoneLimited &= one.limits().size() == 2;
    }
    if (sum.requests().isEmpty() && sum.limits().isEmpty()) {
      return BestEffort;
    }
    return everyoneLimited && sum.requests().equals(sum.limits()) ? Guaranteed : Burstable;
  }

  private static void add(List<ResourceTotals> all, List<Container> containers, String path) throws ProviderFailure {
    for (int i = 0; i < containers.size(); i++) {
      all.add(counted(EffectiveResources.of(containers.get(i), path + "[" + i + "]")));
    }
  }

  private static ResourceTotals counted(ResourceTotals all) {
    return new ResourceTotals(counted(all.requests()), counted(all.limits()));
  }

  /** CPU and memory alone count, and 0 is none. */
  private static SortedMap<String, Long> counted(SortedMap<String, Long> all) {
    SortedMap<String, Long> counted = new TreeMap<>(all);
    counted.entrySet().removeIf(
        entry -> entry.getValue() == 0
            || !entry.getKey().equals(Quantities.CPU) && !entry.getKey().equals(Quantities.MEMORY));
    return counted;
  }
}
