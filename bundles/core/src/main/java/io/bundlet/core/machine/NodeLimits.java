package io.bundlet.core.machine;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.resources.Quantities;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the administrator says about how much pods may have. A setting that cannot be used is left out and told: a node
 * that does not start because of it would end what runs.
 *
 * @param reserved what pods may not have, by resource
 * @param eviction below what the node ends pods at once
 * @param maxPods how many pods the node runs
 * @param problems what is wrong with the settings, for people
 */
public record NodeLimits(
    SortedMap<String, Long> reserved, List<Threshold> eviction, int maxPods, List<String> problems) {
  /** As the Kubernetes kubelet. */
  public static final int STANDARD_PODS = 110;
  /** Without any setting. */
  public static final NodeLimits STANDARD =
      new NodeLimits(new TreeMap<>(), Threshold.STANDARD, STANDARD_PODS, List.of());

  private static final Set<String> RESERVABLE = Set.of(Quantities.CPU, Quantities.MEMORY, Machine.STORAGE);

  public NodeLimits {
    eviction = List.copyOf(eviction);
    problems = List.copyOf(problems);
  }

  /**
   * Reads the settings, each a list whose members may hold several, separated by commas.
   *
   * @param systemReserved such as {@code memory=200Mi}
   * @param kubeReserved the same
   * @param evictionHard such as {@code memory.available<100Mi}; these alone hold then, as in the Kubernetes kubelet;
   *     none: the standard ones
   * @param maxPods 1 or more
   */
  public static NodeLimits of(String[] systemReserved, String[] kubeReserved, String[] evictionHard, int maxPods) {
    List<String> problems = new ArrayList<>();
    SortedMap<String, Long> reserved = new TreeMap<>();
    reserve(reserved, systemReserved, "system.reserved", problems);
    reserve(reserved, kubeReserved, "kube.reserved", problems);
    Map<Signal, Threshold> thresholds = new LinkedHashMap<>();
    boolean given = false;
    for (String text : members(evictionHard)) {
      given = true;
      try {
        Threshold threshold = Threshold.parse(text);
        thresholds.put(threshold.signal(), threshold);
      } catch (IllegalArgumentException wrong) {
        problems.add("eviction.hard: " + wrong.getMessage() + "; it is left out");
      }
    }
    int pods = maxPods;
    if (maxPods < 1) {
      problems.add("max.pods: " + maxPods + " is less than 1; " + STANDARD_PODS + " are used");
      pods = STANDARD_PODS;
    }
    List<Threshold> eviction = given ? List.copyOf(thresholds.values()) : Threshold.STANDARD;
    return new NodeLimits(reserved, eviction, pods, problems);
  }

  private static void reserve(SortedMap<String, Long> all, String[] texts, String setting, List<String> problems) {
    for (String text : members(texts)) {
      String[] parts = text.split("=", 2);
      String resource = parts[0].strip();
      if (parts.length < 2 || !RESERVABLE.contains(resource)) {
        problems.add(
            setting + ": \"" + text + "\" reserves nothing; write one such as cpu=200m, memory=500Mi or "
            + Machine.STORAGE + "=1Gi");
        continue;
      }
      try {
        long amount = Quantities.of(resource, new Quantity(parts[1].strip()), setting + "[" + resource + "]");
        all.merge(resource, amount, NodeLimits::sum);
      } catch (ProviderFailure | RuntimeException wrong) {
        problems.add(setting + ": \"" + text + "\" has no amount such as 200m or 500Mi; it is left out");
      }
    }
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static List<String> members(String[] texts) {
    return Arrays.stream(texts).flatMap(text -> Arrays.stream(text.split(","))).map(String::strip)
        .filter(text -> !text.isEmpty()).toList();
  }
}
