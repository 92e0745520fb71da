package io.bundlet.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.NodeCapacity;
import io.bundlet.core.machine.NodeLimits;
import io.bundlet.core.machine.Pressure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeFitTest {
  private static final long GI = 1L << 30;

  /** 2 processors, 4 GiB without 100 MiB, 90 GiB of storage, 3 pods. */
  private NodeCapacity capacity =
      NodeCapacity.of(
          new Machine(2000, 4 * GI, 0, 100 * GI),
          new NodeLimits(new TreeMap<>(), NodeLimits.STANDARD.eviction(), 3, List.of()));
  private Set<String> sharing = Set.of();
  private Set<Pressure> pressures = Set.of();
  private final NodeFit fit = new NodeFit(() -> capacity, () -> sharing, () -> pressures);

  private static PodDemand pod(String uid, Map<String, Long> requests) {
    return new PodDemand(uid, "h", false, new TreeMap<>(requests), List.of(), List.of(), false);
  }

  private static PodDemand critical(String uid, Map<String, Long> requests, HostPort... ports) {
    return new PodDemand(uid, "h", true, new TreeMap<>(requests), List.of(ports), List.of(), false);
  }

  private static PodDemand asking(String uid, HostPort... ports) {
    return new PodDemand(uid, "h", false, new TreeMap<>(), List.of(ports), List.of(), false);
  }

  private static PodDemand opening(String uid, String handler, int port) {
    return new PodDemand(uid, handler, false, new TreeMap<>(), List.of(), List.of(tcp("0.0.0.0", port)), false);
  }

  private static HostPort tcp(String address, int port) {
    return new HostPort(address, "TCP", port);
  }

  private void fits(PodDemand pod) {
    assertEquals(Optional.empty(), fit.admit(pod));
  }

  private void unfit(String reason, String message, PodDemand pod) {
    Unfit why = fit.admit(pod).orElseThrow();
    assertEquals(message, why.message());
    assertEquals(reason, why.reason());
  }

  @Test
  void allThatThereIsMayBeAskedForAndNotMore() {
    fits(pod("a", Map.of("cpu", 1500L, "memory", 4 * GI - (100 << 20), "ephemeral-storage", 90 * GI)));
    unfit("OutOfcpu", "Node didn't have enough resource: cpu, requested: 501, used: 1500, capacity: 2000",
        pod("b", Map.of("cpu", 501L, "memory", 1L)));
    unfit("OutOfmemory",
        "Node didn't have enough resource: memory, requested: 1, used: 4190109696, capacity: 4190109696",
        pod("b", Map.of("cpu", 500L, "memory", 1L, "ephemeral-storage", 1L)));
    unfit("OutOfephemeral-storage",
        "Node didn't have enough resource: ephemeral-storage, requested: 1, used: 96636764160, capacity: 96636764160",
        pod("b", Map.of("ephemeral-storage", 1L)));
    fits(pod("b", Map.of("cpu", 500L)));
  }

  @Test
  void aPodThatAsksForNothingTakesAPlace() {
    List.of("a", "b", "c").forEach(uid -> fits(pod(uid, Map.of())));
    unfit("OutOfpods", "Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
        pod("d", Map.of("cpu", 5000L)));
    fit.release("b");
    fits(pod("d", Map.of()));
  }

  @Test
  void thePodItselfIsNotInItsOwnWay() {
    fits(pod("a", Map.of("cpu", 2000L)));
    fits(pod("a", Map.of("cpu", 1800L)));
    assertEquals(1800L, fit.requested().get("cpu"));
    unfit("OutOfcpu", "Node didn't have enough resource: cpu, requested: 2001, used: 0, capacity: 2000",
        pod("a", Map.of("cpu", 2001L)));
    assertEquals(1800L, fit.requested().get("cpu"), "what it had is still its own");
  }

  @Test
  void hugePagesAreNotThereAndOthersResourcesDoNotCount() {
    unfit("OutOfhugepages-2Mi",
        "Node didn't have enough resource: hugepages-2Mi, requested: 4, used: 0, capacity: 0",
        pod("a", Map.of("hugepages-2Mi", 4L)));
    fits(pod("a", Map.of("cluster.example/licences", 4L)));
  }

  @Test
  void aCriticalPodIsToldAllThatOthersWouldHaveToGiveBack() {
    fits(pod("a", Map.of("cpu", 1000L)));
    PodDemand critical = critical("b", Map.of("cpu", 1500L, "memory", 8 * GI));
    unfit("UnexpectedAdmissionError",
        "Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods"
            + " to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 500), (res: memory, q:"
            + " 4399824896), ]",
        critical);
    assertEquals(
        List.of("OutOfcpu", "OutOfmemory"),
        fit.admit(critical).orElseThrow().shortages().stream().map(Unfit.Detail::reason).toList());
  }

  @Test
  void aPortOfTheNodeIsGivenOnce() {
    fits(asking("a", tcp("10.0.0.1", 80), tcp("0.0.0.0", 443)));
    String message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
    unfit("NodePorts", message, asking("b", tcp("0.0.0.0", 80)));
    unfit("NodePorts", message, asking("b", tcp("10.0.0.2", 443)));
    fits(asking("b", tcp("10.0.0.2", 80), new HostPort("0.0.0.0", "UDP", 443)));
    // What is short is told first, but of a critical pod that others could make room for.
    unfit("OutOfcpu", "Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000",
        new PodDemand("c", "h", false, new TreeMap<>(Map.of("cpu", 3000L)), List.of(tcp("0.0.0.0", 80)), List.of(),
            false));
    unfit("NodePorts", message, critical("c", Map.of("cpu", 3000L), tcp("0.0.0.0", 80)));
  }

  @Test
  void portsOfPodsWithoutAddressesOfTheirOwnAreTheNodes() {
    fits(opening("a", "process", 7007));
    fits(opening("b", "process", 7007));
    sharing = Set.of("process");
    String message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
    unfit("NodePorts", message, opening("c", "process", 7007));
    unfit("NodePorts", message, asking("c", tcp("10.0.0.1", 7007)));
    fits(opening("c", "other", 7007));
  }

  @Test
  void whatWasAdmittedBeforeCountsWhetherItFitsOrNot() {
    fit.adopt(pod("a", Map.of("cpu", 3000L)));
    unfit("OutOfcpu", "Node didn't have enough resource: cpu, requested: 1, used: 3000, capacity: 2000",
        pod("b", Map.of("cpu", 1L)));
    fits(pod("b", Map.of()));
    assertEquals(Map.of("cpu", 3000L, "pods", 2L), fit.requested());
  }

  @Test
  void aNodeThatIsShortOfSomethingTakesOnlyWhomItMust() {
    PodDemand yielding = new PodDemand("y", "h", false, new TreeMap<>(), List.of(), List.of(), true);
    pressures = Set.of(Pressure.MEMORY);
    unfit("Evicted", "The node had condition: [MemoryPressure]. ", yielding);
    fits(pod("a", Map.of()));
    pressures = Set.of(Pressure.MEMORY, Pressure.DISK);
    unfit("Evicted", "The node had condition: [MemoryPressure DiskPressure]. ", pod("b", Map.of("memory", 1L)));
    fits(critical("c", Map.of()));
  }

  @Test
  void sumsDoNotOverflow() {
    fit.adopt(pod("a", Map.of("memory", Long.MAX_VALUE)));
    fit.adopt(pod("b", Map.of("memory", Long.MAX_VALUE)));
    assertTrue(fit.admit(pod("c", Map.of("memory", Long.MAX_VALUE))).isPresent());
    assertEquals(Long.MAX_VALUE, fit.requested().get("memory"));
  }
}
