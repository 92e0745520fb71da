package io.bundlet.core.admission;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a node is one of those that a pod is for, by its {@code nodeSelector} and its required node affinity.
 *
 * @param name the node's name
 * @param labels the node's labels; of some the node has several values, see {@link #of}
 */
public record NodeSelection(String name, Map<String, Set<String>> labels) {
  private static final String AFFINITY = "NodeAffinity";
  private static final String WASM = "wasm32-";
  private static final String NAME_FIELD = "metadata.name";

  public NodeSelection {
    labels = Map.copyOf(labels);
  }

  /**
   * A node with the labels that each node has.
   *
   * @param machine the machine's architecture as the JVM calls it
   * @param handler the pod's; manifests may select {@code wasm32-<handler>} as the node's architecture, as they select
   *     the handler by their tolerations
   */
  public static NodeSelection of(String name, String machine, String handler) {
    String architecture =
        switch (machine) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> machine;
        };
    Map<String, Set<String>> labels = new TreeMap<>();
    labels.put("kubernetes.io/hostname", Set.of(name.toLowerCase(Locale.ROOT)));
    for (String prefix : List.of("", "beta.")) {
      labels.put(prefix + "kubernetes.io/os", Set.of("linux"));
      labels.put(prefix + "kubernetes.io/arch", Set.of(architecture, WASM + handler));
    }
    return new NodeSelection(name, labels);
  }

  /** Why the node is not for the pod. */
  public Optional<Unfit> refuses(PodSpec pod) {
    boolean selected =
        pod.getNodeSelector().entrySet().stream().allMatch(wanted -> has(wanted.getKey(), wanted.getValue()));
    boolean required =
        Optional.ofNullable(pod.getAffinity()).map(Affinity::getNodeAffinity)
            .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution).map(this::anyTerm).orElse(true);
    return selected && required
        ? Optional.empty()
        : Optional.of(
            new Unfit(
                AFFINITY, "Predicate " + AFFINITY + " failed: node(s) didn't match Pod's node affinity/selector",
                List.of()));
  }

  private boolean has(String label, String value) {
    return labels.getOrDefault(label, Set.of()).contains(value);
  }

  private boolean anyTerm(NodeSelector selector) {
    return selector.getNodeSelectorTerms().stream().anyMatch(this::term);
  }

  /** A term that wants nothing matches nothing. */
  private boolean term(NodeSelectorTerm term) {
    return !(term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty())
        && term.getMatchExpressions().stream()
            .allMatch(wanted -> meets(wanted, labels.getOrDefault(wanted.getKey(), Set.of())))
        && term.getMatchFields().stream()
            .allMatch(wanted -> meets(wanted, NAME_FIELD.equals(wanted.getKey()) ? Set.of(name) : Set.of()));
  }

  private static boolean meets(NodeSelectorRequirement wanted, Set<String> values) {
    return switch (String.valueOf(wanted.getOperator())) {
      case "In" -> values.stream().anyMatch(wanted.getValues()::contains);
      case "NotIn" -> values.stream().noneMatch(wanted.getValues()::contains);
      case "Exists" -> !values.isEmpty();
      case "DoesNotExist" -> values.isEmpty();
      case "Gt" -> values.stream().anyMatch(value -> number(value) > bound(wanted));
      case "Lt" -> values.stream().anyMatch(value -> number(value) < bound(wanted));
      default -> false;
    };
  }

  /** What is no number is neither more nor less than anything. */
  private static double bound(NodeSelectorRequirement wanted) {
    return wanted.getValues().size() == 1 ? number(wanted.getValues().getFirst()) : Double.NaN;
  }

  private static double number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException none) {
      return Double.NaN;
    }
  }
}
