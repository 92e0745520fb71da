package io.bundlet.core.resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of kubelet-wire.md §3.12, and the arithmetic below them. */
class ResourcesTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "1, 1000, 1", "500m, 500, 1", "1.5, 1500, 2", "0.0001, 1, 1", "1n, 1, 1", "100u, 1, 1", "0, 0, 0",
    "2k, 2000000, 2000",
    "64Mi, 67108864000, 67108864", "1e3, 1000000, 1000", "1E, 1000000000000000000000, 1000000000000000000",
    ".5, 500, 1",
    "12E-1, 1200, 2"})
  void quantitiesAreRoundedUp(String text, String millis, long units) throws ProviderFailure {
    assertEquals(units, Quantities.units(new Quantity(text), "f"));
    if (millis.length() < 19) {
      assertEquals(Long.parseLong(millis), Quantities.millis(new Quantity(text), "f"));
    } else {
      assertThrows(ProviderFailure.class, () -> Quantities.millis(new Quantity(text), "f"));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "-1 | is less than 0",
    "-1m | is less than 0",
    "10E | is more than 64 bits can count",
    "9223372036854775808 | is more than 64 bits can count",
    "1e99 | is more than 64 bits can count",
    "1e999999999 | is no quantity",
    "1Mib | is no quantity",
    "one | is no quantity",
    "'' | is no quantity"})
  void whatIsNoAmountIsRefusedByName(String text, String why) {
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class,
            () -> Quantities.units(new Quantity(text, ""), "spec.containers[0].resources.limits[memory]"));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().startsWith("spec.containers[0].resources.limits[memory]: \"" + text + "\" " + why),
        failure.getMessage());
  }

  private static Container container(String name, String requests, String limits) {
    return new ContainerBuilder().withName(name)
        .withResources(new ResourceRequirementsBuilder().withRequests(amounts(requests)).withLimits(amounts(limits))
        .build())
        .build();
  }

  private static Container sidecar(String name, String requests, String limits) {
    return new ContainerBuilder(container(name, requests, limits)).withRestartPolicy("Always").build();
  }

  /** {@code 100m/64Mi}: CPU and memory, each may be empty. */
  private static Map<String, Quantity> amounts(String written) {
    Map<String, Quantity> amounts = new java.util.HashMap<>();
    String[] parts = written.split("/", 2);
    if (!parts[0].isEmpty()) {
      amounts.put("cpu", new Quantity(parts[0]));
    }
    if (parts.length > 1 && !parts[1].isEmpty()) {
      amounts.put("memory", new Quantity(parts[1]));
    }
    return amounts;
  }

  private static PodSpec spec(Container... containers) {
    return new PodSpecBuilder().withContainers(containers).build();
  }

  private static Pod pod(PodSpec spec) {
    return new PodBuilder().withNewMetadata().withName("p").endMetadata().withSpec(spec).build();
  }

  @ParameterizedTest
  @CsvSource({
    // requests and limits of two containers; class
    "'', '', '', '', BestEffort",
    "0/0, 0/0, '', '', BestEffort",
    "1/1Gi, 1/1Gi, 1/1Gi, 1/1Gi, Guaranteed",
    "1/1Gi, 1000m/1024Mi, 1/1Gi, 1/1Gi, Guaranteed",
    "1/1Gi, 1/1Gi, '', '', Burstable",
    "1/1Gi, 1/1Gi, 1/1Gi, 2/1Gi, Burstable",
    "1/1Gi, 1/1Gi, 1, 1, Burstable",
    "1/1Gi, 1/1Gi, /1Gi, /1Gi, Burstable",
    "1, '', '', '', Burstable",
    "'', 1/1Gi, '', '', Burstable",
    "/1Ki, '', '', '', Burstable"})
  void classOfService(String requestsA, String limitsA, String requestsB, String limitsB, QosClass qos)
      throws ProviderFailure {
    assertEquals(qos, QosClass.of(spec(container("a", requestsA, limitsA), container("b", requestsB, limitsB))));
  }

  @Test
  void initContainersCountForTheClass() throws ProviderFailure {
    PodSpec spec = spec(container("a", "1/1Gi", "1/1Gi"));
    spec.setInitContainers(java.util.List.of(container("i", "", "")));
    assertEquals(QosClass.Burstable, QosClass.of(spec));
    spec.setInitContainers(java.util.List.of(container("i", "2/1Gi", "2/1Gi")));
    assertEquals(QosClass.Guaranteed, QosClass.of(spec));
  }

  @Test
  void otherResourcesMakeNoClass() throws ProviderFailure {
    PodSpec spec = spec(container("a", "", ""));
    spec.getContainers().getFirst().getResources().setRequests(Map.of("ephemeral-storage", new Quantity("1Gi")));
    assertEquals(QosClass.BestEffort, QosClass.of(spec));
  }

  @Test
  void whatIsWrittenAtThePodDecidesTheClass() throws ProviderFailure {
    PodSpec spec = spec(container("a", "", ""));
    spec.setResources(container("", "1/1Gi", "1/1Gi").getResources());
    assertEquals(QosClass.Guaranteed, QosClass.of(spec));
    spec.setResources(container("", "1/1Gi", "1/2Gi").getResources());
    assertEquals(QosClass.Burstable, QosClass.of(spec));
  }

  @Test
  void containersAddUpAndAnInitContainerCountsIfItIsMore() throws ProviderFailure {
    PodSpec spec = spec(container("a", "100m/1Gi", "200m/1Gi"), container("b", "200m", ""));
    spec.setInitContainers(java.util.List.of(container("i", "250m/2Gi", "1"), container("j", "400m", "")));
    ResourceTotals totals = EffectiveResources.of(spec);
    assertEquals(Map.of("cpu", 400L, "memory", 2 * GIB), totals.requests());
    assertEquals(Map.of("cpu", 1000L, "memory", GIB), totals.limits());
  }

  @Test
  void sidecarsAreAddedInTheirOrder() throws ProviderFailure {
    PodSpec spec = spec(container("a", "100m", ""));
    spec.setInitContainers(
        java.util.List.of(
            container("before", "1000m", ""), sidecar("s1", "200m", ""), container("between", "850m", ""),
            sidecar("s2", "50m", "")));
    // before: 1000; between beside s1: 1050; running: 100 + 200 + 50
    assertEquals(Map.of("cpu", 1050L), EffectiveResources.of(spec).requests());
    spec.setInitContainers(java.util.List.of(sidecar("s1", "200m", ""), container("i", "50m", ""),
        sidecar("s2", "500m", "")));
    assertEquals(Map.of("cpu", 800L), EffectiveResources.of(spec).requests());
  }

  @Test
  void overheadComesOnTopAndOnLimitsThatThereAre() throws ProviderFailure {
    PodSpec spec = spec(container("a", "100m/1Gi", "200m"));
    spec.setOverhead(amounts("10m/1Mi"));
    assertEquals(Map.of("cpu", 110L, "memory", GIB + (1 << 20)), EffectiveResources.of(spec).requests());
    assertEquals(Map.of("cpu", 210L), EffectiveResources.of(spec).limits());
    assertEquals(Map.of("cpu", 100L, "memory", GIB), EffectiveResources.withoutOverhead(spec).requests());
  }

  @Test
  void whatIsWrittenAtThePodTakesThePlaceOfItsContainers() throws ProviderFailure {
    PodSpec spec = spec(container("a", "100m/1Gi", ""));
    spec.setResources(container("", "2", "3/4Gi").getResources());
    assertEquals(Map.of("cpu", 2000L, "memory", GIB), EffectiveResources.of(spec).requests());
    assertEquals(Map.of("cpu", 3000L, "memory", 4 * GIB), EffectiveResources.of(spec).limits());
    assertEquals(new Resources(2000, 3000, GIB, 4 * GIB), EffectiveResources.sandbox(spec));
  }

  @Test
  void aPodHasALimitOnlyIfEverythingInItHas() throws ProviderFailure {
    assertEquals(
        new Resources(300, 300, 0, 0),
        EffectiveResources.sandbox(spec(container("a", "100m", "100m/1Gi"), container("b", "200m", "200m"))));
  }

  @Test
  void aSumThatCannotBeCountedIsRefused() {
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class,
            () -> EffectiveResources.of(spec(container("a", "/5E", ""), container("b", "/5E", ""))));
    assertTrue(failure.getMessage().contains("more memory together than 64 bits can count"), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    // request, limit of the only container; score on a node of 4 GiB
    "1/1Gi, 1/1Gi, -997",
    "'', '', 1000",
    "/1Gi, '', 750",
    "/4Mi, '', 999",
    "1m, '', 999",
    "/4Gi, '', 3",
    "/8Gi, '', 3",
    "/3Gi, '', 250"})
  void oomScore(String requests, String limits, int score) throws ProviderFailure {
    PodSpec spec = spec(container("a", requests, limits));
    assertEquals(score, OomScore.of(pod(spec), spec.getContainers().getFirst(), 4 * GIB));
  }

  @Test
  void aSidecarGoesNoSoonerThanWhatItServes() throws ProviderFailure {
    PodSpec spec = spec(container("a", "/1Gi", ""), container("b", "/2Gi", ""));
    Container sidecar = sidecar("s", "/1Mi", "");
    Container init = container("i", "/4Mi", "");
    spec.setInitContainers(java.util.List.of(sidecar, init));
    assertEquals(500, OomScore.of(pod(spec), sidecar, 4 * GIB));
    assertEquals(999, OomScore.of(pod(spec), init, 4 * GIB));
  }

  @Test
  void whatThePodItselfAsksForIsSharedOut() throws ProviderFailure {
    PodSpec spec = spec(container("a", "/1Gi", ""), container("b", "", ""));
    spec.setResources(container("", "/3Gi", "").getResources());
    assertEquals(500, OomScore.of(pod(spec), spec.getContainers().get(0), 4 * GIB));
    assertEquals(750, OomScore.of(pod(spec), spec.getContainers().get(1), 4 * GIB));
  }

  @Test
  void podsThatTheNodeNeedsGoLast() throws ProviderFailure {
    PodSpec spec = spec(container("a", "", ""));
    spec.setPriorityClassName("system-node-critical");
    assertEquals(1000, OomScore.of(pod(spec), spec.getContainers().getFirst(), GIB));
    spec.setPriority(2_000_000_000);
    assertEquals(-997, OomScore.of(pod(spec), spec.getContainers().getFirst(), GIB));
    spec.setPriority(null);
    Pod fromFile = pod(spec);
    fromFile.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
    assertEquals(-997, OomScore.of(fromFile, spec.getContainers().getFirst(), GIB));
    Pod mirror = pod(spec);
    mirror.getMetadata().setAnnotations(Map.of("kubernetes.io/config.mirror", "x"));
    assertEquals(-997, OomScore.of(mirror, spec.getContainers().getFirst(), GIB));
    fromFile.getSpec().setPriorityClassName("system-cluster-critical");
    assertEquals(1000, OomScore.of(fromFile, spec.getContainers().getFirst(), GIB));
    assertEquals(-999, OomScore.NODE);
  }
}
