package io.bundlet.wasmprovider;

import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pods cannot be run as they ask: a table of rules for the pod and one for each of its containers. A field that
 * would be ignored is harmless or is refused, never ignored in silence.
 */
public final class Admission {
  private final List<FieldRule> pod;
  private final List<FieldRule> container;

  /** Both tables, each looked through in its order; the first refusal counts. */
  public Admission(List<FieldRule> pod, List<FieldRule> container) {
    this.pod = List.copyOf(pod);
    this.container = List.copyOf(container);
  }

  /** Why a pod cannot be run, or nothing. */
  public Optional<Refusal> admit(PodRequest request) {
    Map<?, ?> spec = FieldRule.map(request.manifest().get("spec"));
    return first(pod, "spec", spec)
        .or(() -> containers(spec, "initContainers"))
        .or(() -> containers(spec, "containers"))
        .or(() -> containers(spec, "ephemeralContainers"));
  }

  private Optional<Refusal> containers(Map<?, ?> spec, String kind) {
    List<?> containers = FieldRule.list(spec.get(kind));
    for (int i = 0; i < containers.size(); i++) {
      Optional<Refusal> refusal = first(container, "spec." + kind + "[" + i + "]", FieldRule.map(containers.get(i)));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> first(List<FieldRule> rules, String at, Map<?, ?> part) {
    return rules.stream().flatMap(rule -> rule.check(at, part).stream()).findFirst();
  }
}
