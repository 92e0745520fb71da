package io.bundlet.core.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.eviction.NodeSignals.Reading;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.machine.Pressure;
import io.bundlet.core.machine.Signal;
import io.bundlet.core.machine.Threshold;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
  private final List<Pod> active = new ArrayList<>();
  private final List<String> evicted = new ArrayList<>();
  private final EvictionManager manager =
      new EvictionManager(
          time, () -> readings, () -> Threshold.STANDARD, conditions,
          new EvictionManager.Pods() {
            @Override
            public List<Pod> active() {
              return active;
            }

            @Override
            public void evict(String uid, String message) {
              evicted.add(uid);
              assertEquals(LOW, message);
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
  void theLeastImportantGoFirstAndOneAtATime() {
    pod("guaranteed-low", -5, "1", "1");
    pod("burstable-high", 100, "1", null);
    pod("burstable", 0, "1", null);
    pod("nothing-asked", null, null, null);
    memory(99 * MI);
    look();
    assertEquals(List.of("nothing-asked"), evicted);
    later(Duration.ofSeconds(10));
    assertEquals(1, evicted.size(), "what the first one gives back is waited for");
    List<String> order = List.of("nothing-asked", "burstable", "burstable-high", "guaranteed-low");
    for (String uid : order) {
      assertEquals(uid, evicted.getLast());
      active.removeIf(pod -> pod.getMetadata().getUid().equals(uid));
      look();
    }
    assertEquals(order, evicted);
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
