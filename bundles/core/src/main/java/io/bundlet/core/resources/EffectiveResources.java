package io.bundlet.core.resources;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a pod as a whole asks for and may use. Containers and sidecars run together and are added up; an init container
 * runs alone beside the sidecars that were started before it, so that the most that is ever needed at one time counts.
 * What is written at the pod itself takes the place of what its containers say (Kubernetes 1.34).
 */
public final class EffectiveResources {
  private static final String SIDECAR = "Always";
  private static final Set<String> OF_POD = Set.of(Quantities.CPU, Quantities.MEMORY);
  private static final String HUGE_PAGES = "hugepages-";

  private EffectiveResources() {}

  /**
   * The pod's requests and limits, with what the runtime itself needs for a pod ({@code spec.overhead}).
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming the field that is no amount
   */
  public static ResourceTotals of(PodSpec spec) throws ProviderFailure {
    ResourceTotals pod = withoutOverhead(spec);
    SortedMap<String, Long> overhead = ResourceTotals.amounts(spec.getOverhead(), "spec.overhead");
    SortedMap<String, Long> onLimits = new TreeMap<>(overhead);
    onLimits.keySet().removeIf(name -> pod.limits().getOrDefault(name, 0L) == 0);
    return new ResourceTotals(
        ResourceTotals.sum(pod.requests(), overhead), ResourceTotals.sum(pod.limits(), onLimits));
  }

  /** The pod's requests and limits for its containers alone. */
  public static ResourceTotals withoutOverhead(PodSpec spec) throws ProviderFailure {
    ResourceTotals running = ResourceTotals.NONE;
    for (int i = 0; i < spec.getContainers().size(); i++) {
      running = running.plus(of(spec.getContainers().get(i), "spec.containers[" + i + "]"));
    }
    ResourceTotals sidecars = ResourceTotals.NONE;
    ResourceTotals starting = ResourceTotals.NONE;
    for (int i = 0; i < spec.getInitContainers().size(); i++) {
      Container init = spec.getInitContainers().get(i);
      ResourceTotals own = of(init, "spec.initContainers[" + i + "]");
      if (sidecar(init)) {
        running = running.plus(own);
        sidecars = sidecars.plus(own);
        starting = starting.or(sidecars);
      } else {
        starting = starting.or(sidecars.plus(own));
      }
    }
    ResourceTotals containers = running.or(starting);
    ResourceTotals pod = ResourceTotals.of(spec.getResources(), "spec.resources");
    return new ResourceTotals(
        replaced(containers.requests(), pod.requests()), replaced(containers.limits(), pod.limits()));
  }

  private static SortedMap<String, Long> replaced(Map<String, Long> containers, Map<String, Long> pod) {
    SortedMap<String, Long> all = new TreeMap<>(containers);
    pod.forEach((name, amount) -> {
      if (OF_POD.contains(name) || name.startsWith(HUGE_PAGES)) {
        all.put(name, amount);
      }
    });
    return all;
  }

  /** A container's own requests and limits. @param path of the container, such as {@code spec.containers[0]} */
  public static ResourceTotals of(Container container, String path) throws ProviderFailure {
    return ResourceTotals.of(container.getResources(), path + ".resources");
  }

  /** What the runtime is told of a container. */
  public static Resources container(Container container, String path) throws ProviderFailure {
    return of(container, path).forRuntime();
  }

  /** What the runtime is told of a pod: a limit only if everything in it is limited. */
  public static Resources sandbox(PodSpec spec) throws ProviderFailure {
    Resources all = withoutOverhead(spec).forRuntime();
    return new Resources(
        all.cpuRequestMillis(), limited(spec, Quantities.CPU) ? all.cpuLimitMillis() : 0,
        all.memoryRequestBytes(), limited(spec, Quantities.MEMORY) ? all.memoryLimitBytes() : 0);
  }

  /** What the pod's control group allows, with what the runtime itself needs: a limit only if all is limited. */
  public static Resources group(PodSpec spec) throws ProviderFailure {
    Resources all = of(spec).forRuntime();
    return new Resources(
        all.cpuRequestMillis() > 0 ? all.cpuRequestMillis() : all.cpuLimitMillis(),
        limited(spec, Quantities.CPU) ? all.cpuLimitMillis() : 0,
        all.memoryRequestBytes(), limited(spec, Quantities.MEMORY) ? all.memoryLimitBytes() : 0);
  }

  private static boolean limited(PodSpec spec, String resource) {
    Function<ResourceRequirements, Boolean> limits =
        wanted -> wanted != null && wanted.getLimits() != null && wanted.getLimits().get(resource) != null;
    return limits.apply(spec.getResources())
        || Stream.of(spec.getInitContainers(), spec.getContainers()).flatMap(List::stream)
            .allMatch(container -> limits.apply(container.getResources()));
  }

  /** Whether an init container goes on running beside the pod's containers. */
  public static boolean sidecar(Container init) {
    return SIDECAR.equals(init.getRestartPolicy());
  }
}
