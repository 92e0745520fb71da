package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.resources.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What a container asks for or may use, as a variable's value. */
final class ResourceReference {
  private static final Set<String> WITH_A_WHOLE = Set.of("cpu", "memory", "ephemeral-storage");
  private static final Quantity ZERO = new Quantity("0");
  private static final Quantity ONE = new Quantity("1");

  private ResourceReference() {}

  /** The amount, divided and rounded up. Without a limit it is what the pod, or else the node, has. */
  static String value(
      Pod pod, Container container, ResourceFieldSelector wanted, Map<String, Quantity> allocatable, String field)
      throws ProviderFailure {
    Container of = container(pod, container, wanted.getContainerName(), field);
    String[] parts = Objects.toString(wanted.getResource(), "").split("\\.", 2);
    String kind = parts[0];
    String resource = parts.length == 2 ? parts[1] : "";
    boolean known = WITH_A_WHOLE.contains(resource) || resource.startsWith("hugepages-");
    if (!known || !kind.equals("limits") && !kind.equals("requests")) {
      throw ConfigError.wrong(
          field + ".resource",
          "\"" + wanted.getResource() + "\" is no such resource; there are limits and requests of cpu, memory, "
              + "ephemeral-storage and hugepages-SIZE, such as limits.cpu");
    }
    Quantity amount = amount(of.getResources(), kind, resource);
    if (kind.equals("limits") && zero(amount) && WITH_A_WHOLE.contains(resource)) {
      Quantity ofPod = amount(pod.getSpec().getResources(), kind, resource);
      amount = zero(ofPod) ? allocatable.getOrDefault(resource, ZERO) : ofPod;
    }
    Quantity divisor = wanted.getDivisor() == null || zero(wanted.getDivisor()) ? ONE : wanted.getDivisor();
    try {
      long whole = Quantities.of(resource, amount, field);
      long part = Quantities.of(resource, divisor, field + ".divisor");
      return String.valueOf(Math.ceilDiv(whole, part));
    } catch (ProviderFailure noAmount) {
      throw noAmount.withReason(ConfigError.REASON);
    }
  }

  private static Container container(Pod pod, Container own, String name, String field) throws ProviderFailure {
    if (name == null || name.isEmpty() || name.equals(own.getName())) {
      return own;
    }
    return Stream.of(pod.getSpec().getContainers(), pod.getSpec().getInitContainers()).flatMap(List::stream)
        .filter(container -> name.equals(container.getName()))
        .findFirst()
        .orElseThrow(
            () -> ConfigError.wrong(field + ".containerName", "the pod has no container \"" + name + "\""));
  }

  private static Quantity amount(ResourceRequirements of, String kind, String resource) {
    Map<String, Quantity> amounts = of == null ? null : kind.equals("limits") ? of.getLimits() : of.getRequests();
    return amounts == null ? ZERO : amounts.getOrDefault(resource, ZERO);
  }

  private static boolean zero(Quantity quantity) {
    String text = quantity.toString();
    return !text.isEmpty() && text.chars().allMatch(c -> c == '0' || c == '.');
  }
}
