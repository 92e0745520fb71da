package io.bundlet.core.status;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.Quantities;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;

/** A container's resources in its status (Kubernetes 1.33): what the node has promised it, and what it has. */
final class ContainerAmounts {
  private ContainerAmounts() {}

  /** What it was promised; null where the manifest asks for nothing. */
  static Map<String, Quantity> promised(ContainerFact fact) {
    ResourceRequirements asked = fact.manifest().getResources();
    boolean none = asked == null || asked.getRequests() == null || asked.getRequests().isEmpty();
    return none || !resizable(fact) ? null : asked.getRequests();
  }

  /** What it has while it runs; null when it does not, or nothing is known. */
  static ResourceRequirements actual(ContainerFact fact) {
    boolean runs = fact.snapshot().kind() == ContainerSnapshot.Kind.RUNNING;
    ResourceRequirements asked = fact.manifest().getResources();
    if (!runs || asked == null || !resizable(fact)) {
      return null;
    }
    return fact.record().instance().resources().map(has -> actual(fact, asked, has)).orElse(null);
  }

  private static boolean resizable(ContainerFact fact) {
    return fact.snapshot().type() == ContainerType.REGULAR || fact.snapshot().type() == ContainerType.SIDECAR;
  }

  /** In the words of the manifest as far as they are true. */
  private static ResourceRequirements actual(ContainerFact fact, ResourceRequirements asked, Resources has) {
    Resources wanted;
    try {
      wanted = EffectiveResources.container(fact.manifest(), fact.manifest().getName());
    } catch (ProviderFailure noAmounts) {
      return null;
    }
    if (wanted.equals(has)) {
      return new ResourceRequirementsBuilder().withRequests(asked.getRequests()).withLimits(asked.getLimits()).build();
    }
    return new ResourceRequirementsBuilder()
        .withRequests(amounts(asked.getRequests(), has.cpuRequestMillis(), has.memoryRequestBytes()))
        .withLimits(amounts(asked.getLimits(), has.cpuLimitMillis(), has.memoryLimitBytes()))
        .build();
  }

  private static Map<String, Quantity> amounts(Map<String, Quantity> asked, long cpuMillis, long memoryBytes) {
    Map<String, Quantity> amounts = new TreeMap<>(asked == null ? Map.of() : asked);
    put(amounts, Quantities.CPU, cpuMillis, cpuMillis + "m");
    put(amounts, Quantities.MEMORY, memoryBytes, Long.toString(memoryBytes));
    return amounts;
  }

  private static void put(Map<String, Quantity> amounts, String name, long amount, String text) {
    if (amount > 0) {
      amounts.put(name, new Quantity(text));
    } else {
      amounts.remove(name);
    }
  }
}
