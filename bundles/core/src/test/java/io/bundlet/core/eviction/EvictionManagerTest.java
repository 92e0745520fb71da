package io.bundlet.core.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.eviction.NodeSignals.Reading;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.machine.Pressure;
import io.bundlet.core.machine.Signal;
import io.bundlet.core.machine.Threshold;
import io.bundlet.core.usage.ContainerUse;
import io.bundlet.core.usage.DiskUse;
import io.bundlet.core.usage.PodUse;
import io.bundlet.core.usage.VolumeUse;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvictionManagerTest {
  private static final long MI = 1L << 20;
  private static final long GI = 1L << 30;
  private static final String LOW =
      "The node was low on resource: memory. Threshold quantity: 100Mi, available: 99Mi. ";

  private final ManualTime time = new ManualTime();
  private final Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
  private final PressureConditions conditions = new PressureConditions(time, () -> Duration.ofMinutes(5));
  private List<Threshold> thresholds = Threshold.STANDARD;
  private final List<Pod> active = new ArrayList<>();
  private final List<String> evicted = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private final Map<String, PodUse> uses = new HashMap<>();
  private boolean unused;
  private final EvictionManager manager =
      new EvictionManager(
          time, () -> readings, () -> thresholds, conditions, () -> unused,
          new EvictionManager.Pods() {
            @Override
            public List<Pod> active() {
              return active;
            }

            @Override
            public Optional<PodUse> use(String uid) {
              return Optional.ofNullable(uses.get(uid));
            }

            @Override
            public void evict(String uid, String message) {
              evicted.add(uid);
              messages.add(message);
            }
          });

  private void memory(long available) {
    readings.put(Signal.MEMORY_AVAILABLE, new Reading(available, 4 * GI));
  }

  private void disk(long available, long inodes) {
    readings.put(Signal.NODEFS_AVAILABLE, new Reading(available, 100));
    readings.put(Signal.NODEFS_INODES_FREE, new Reading(inodes, 100));
  }

  private void look() {
    manager.look();
  }

  private void later(Duration by) {
    time.advance(by);
    look();
  }

  private Pod pod(String uid, Integer priority, String request, String limit) {
    Pod pod = TestNode.pod(uid, uid, "Always", "a");
    pod.getSpec().setPriority(priority);
    ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder();
    for (String name : List.of("cpu", "memory")) {
      if (request != null) {
        resources.addToRequests(name, new Quantity(request));
      }
      if (limit != null) {
        resources.addToLimits(name, new Quantity(limit));
      }
    }
    pod.getSpec().getContainers().getFirst().setResources(resources.build());
    active.add(pod);
    return pod;
  }

  @Test
  void thereIsEnoughAtTheThresholdItself() {
    memory(100 * MI);
    disk(10, 5);
    look();
    assertEquals(Set.of(), conditions.present());
    memory(100 * MI - 1);
    look();
    assertEquals(Set.of(Pressure.MEMORY), conditions.present());
    disk(10, 4);
    look();
    assertEquals(Set.of(Pressure.MEMORY, Pressure.DISK), conditions.present());
  }

  @Test
  void aShortageCountsForFiveMinutesAfterItWasSeenLast() {
    memory(MI);
    look();
    later(Duration.ofMinutes(1));
    memory(GI);
    later(Duration.ofMinutes(5).minusNanos(1));
    ConditionView view = conditions.views().getFirst();
    assertEquals(
        List.of("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
        List.of(view.type(), view.status(), view.reason(), view.message()));
    later(Duration.ofNanos(1));
    ConditionView after = conditions.views().getFirst();
    assertEquals(
        List.of("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", time.now()),
        List.of(after.status(), after.reason(), after.message(), after.since()));
    assertEquals(
        List.of("MemoryPressure", "DiskPressure", "PIDPressure"),
        conditions.views().stream().map(ConditionView::type).toList());
  }

  @Test
  void podsComeAfterWhatNobodyUsesOfTheDisk() {
    pod("a", 0, null, null);
    uses.put("a", use(0, 50, 1));
    unused = true;
    disk(1, 100);
    look();
    assertEquals(Set.of(Pressure.DISK), conditions.present());
    assertEquals(List.of(), evicted);
    unused = false;
    look();
    assertEquals(List.of("a"), evicted);
  }

  @Test
  void whatNobodyUsesOfTheDiskIsNoMemory() {
    pod("a", 0, null, null);
    unused = true;
    memory(MI);
    look();
    assertEquals(List.of("a"), evicted);
  }

  private static PodUse use(long memory, long disk, long inodes) {
    ContainerUse container =
        new ContainerUse(OptionalLong.empty(), OptionalLong.of(memory), OptionalLong.of(0), OptionalLong.of(0));
    VolumeUse volume = new VolumeUse(disk, inodes, 0, true, false);
    return new PodUse(
        Map.of("a", container), Optional.of(new DiskUse(Map.of("v", volume), Map.of(), 0)));
  }

  /** Has all pods evicted one after the other. */
  private List<String> order() {
    while (!active.isEmpty()) {
      look();
      String last = evicted.getLast();
      active.removeIf(pod -> pod.getMetadata().getUid().equals(last));
    }
    return evicted;
  }

  @Test
  void ofMemoryThoseGoFirstThatUseMoreThanTheyAskedForThenByPriorityThenByHowMuchMore() {
    pod("modest-low", -5, "100Mi", null);
    pod("beyond-high", 100, "100Mi", null);
    pod("beyond", 0, "100Mi", null);
    pod("far-beyond", 0, "100Mi", null);
    pod("asked-nothing", null, null, null);
    pod("unknown", 1000, "100Mi", null);
    pod("modest-much", 0, "1Gi", null);
    pod("modest-more", 0, "1Gi", null);
    uses.put("modest-low", use(100 * MI, 0, 0));
    uses.put("beyond-high", use(101 * MI, 0, 0));
    uses.put("beyond", use(200 * MI, 0, 0));
    uses.put("far-beyond", use(300 * MI, 0, 0));
    uses.put("asked-nothing", use(150 * MI, 0, 0));
    uses.put("modest-much", use(900 * MI, 0, 0));
    uses.put("modest-more", use(950 * MI, 0, 0));
    memory(99 * MI);
    assertEquals(
        List.of("unknown", "far-beyond", "asked-nothing", "beyond", "beyond-high", "modest-low", "modest-more",
            "modest-much"),
        order());
    assertEquals(LOW, messages.getFirst());
    assertEquals(
        LOW + "Container a was using 300Mi, request is 100Mi, has larger consumption of memory. ", messages.get(1));
    assertEquals(LOW, messages.get(5), "who is modest is blamed for nothing");
  }

  @Test
  void ofTheDiskVolumesAndLogsCountAndOfInodesTheirNumber() {
    pod("much", 0, null, null);
    pod("many", 0, null, null);
    uses.put("much", use(0, 500 * MI, 3));
    uses.put("many", use(900 * MI, MI, 100_000));
    disk(9, 100);
    look();
    assertEquals(List.of("much"), evicted);
    active.clear();
    evicted.clear();
    pod("much", 0, null, null);
    pod("many", 0, null, null);
    disk(100, 4);
    later(Duration.ofMinutes(1));
    assertEquals(List.of("many"), evicted);
  }

  @Test
  void ofProcessIdsPriorityAloneCounts() {
    pod("high", 5, null, null);
    pod("low", 1, null, null);
    uses.put("high", use(MI, MI, 1));
    readings.put(Signal.PID_AVAILABLE, new Reading(5, 1000));
    thresholds = List.of(new Threshold(Signal.PID_AVAILABLE, 10, Optional.empty()));
    look();
    assertEquals(List.of("low"), evicted);
  }

  @Test
  void whatTheFirstOneGivesBackIsWaitedFor() {
    pod("first", 0, null, null);
    pod("second", 1, null, null);
    memory(99 * MI);
    look();
    later(Duration.ofSeconds(10));
    assertEquals(List.of("first"), evicted);
  }

  @Test
  void onePodThatDoesNotEndKeepsNobodyFromBeingEvicted() {
    pod("stuck", null, null, null);
    pod("next", 1, null, null);
    memory(99 * MI);
    look();
    later(Duration.ofSeconds(30));
    assertEquals(List.of("stuck", "next"), evicted);
  }

  @Test
  void nobodyGoesOnceThereIsEnoughThoughThePressureStillCounts() {
    memory(99 * MI);
    look();
    pod("late", null, null, null);
    memory(GI);
    later(Duration.ofSeconds(10));
    assertEquals(Set.of(Pressure.MEMORY), conditions.present());
    assertEquals(List.of(), evicted);
  }

  @Test
  void criticalPodsAreNotEnded() {
    pod("file", null, null, null).getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
    pod("mirror", null, null, null).getMetadata().setAnnotations(Map.of("kubernetes.io/config.mirror", "x"));
    pod("system", 2_000_000_000, null, null);
    memory(99 * MI);
    look();
    assertEquals(List.of(), evicted);
    assertEquals(Set.of(Pressure.MEMORY), conditions.present());
  }

  @Test
  void whatCannotBeReadIsNotShort() {
    look();
    assertEquals(Set.of(), conditions.present());
  }
}
