package io.bundlet.core.resources;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Amounts by resource name: {@code cpu} in thousandths, everything else in whole units. What is not asked for is not
 * there.
 *
 * @param requests what is asked for
 * @param limits what may be used at most
 */
public record ResourceTotals(SortedMap<String, Long> requests, SortedMap<String, Long> limits) {
  static final ResourceTotals NONE = new ResourceTotals(new TreeMap<>(), new TreeMap<>());

  public ResourceTotals {
    requests = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(requests));
    limits = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(limits));
  }

  /**
   * The amounts of a manifest's {@code resources}.
   *
   * @param wanted may be null
   * @param field the field's path
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming a field below it
   */
  static ResourceTotals of(ResourceRequirements wanted, String field) throws ProviderFailure {
    return wanted == null
        ? NONE
        : new ResourceTotals(
            amounts(wanted.getRequests(), field + ".requests"), amounts(wanted.getLimits(), field + ".limits"));
  }

  static SortedMap<String, Long> amounts(Map<String, Quantity> of, String field) throws ProviderFailure {
    SortedMap<String, Long> amounts = new TreeMap<>();
    if (of != null) {
      for (Map.Entry<String, Quantity> entry : of.entrySet()) {
        amounts.put(
            entry.getKey(), Quantities.of(entry.getKey(), entry.getValue(), field + "[" + entry.getKey() + "]"));
      }
    }
    return amounts;
  }

  /** The two together. @throws ProviderFailure {@link ProviderFailure#INVALID} when 64 bits cannot count it */
  ResourceTotals plus(ResourceTotals other) throws ProviderFailure {
    return new ResourceTotals(sum(requests, other.requests), sum(limits, other.limits));
  }

  /** The larger amount of each. */
  ResourceTotals or(ResourceTotals other) {
    return new ResourceTotals(larger(requests, other.requests), larger(limits, other.limits));
  }

  static SortedMap<String, Long> sum(Map<String, Long> a, Map<String, Long> b) throws ProviderFailure {
    SortedMap<String, Long> sum = new TreeMap<>(a);
    for (Map.Entry<String, Long> entry : b.entrySet()) {
      try {
        sum.merge(entry.getKey(), entry.getValue(), Math::addExact);
      } catch (ArithmeticException tooMuch) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            "spec: the pod's containers ask for more " + entry.getKey()
            + " together than 64 bits can count; write less");
      }
    }
    return sum;
  }

  private static SortedMap<String, Long> larger(Map<String, Long> a, Map<String, Long> b) {
    SortedMap<String, Long> larger = new TreeMap<>(a);
    b.forEach((name, amount) -> larger.merge(name, amount, Math::max));
    return larger;
  }

  /** What of this the runtimes are told. */
  Resources forRuntime() {
    return new Resources(
        requests.getOrDefault(Quantities.CPU, 0L), limits.getOrDefault(Quantities.CPU, 0L),
        requests.getOrDefault(Quantities.MEMORY, 0L), limits.getOrDefault(Quantities.MEMORY, 0L));
  }
}
