package io.bundlet.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeCapacityTest {
  private static final String[] NONE = {};
  private static final long MI = 1L << 20;
  private static final long GI = 1L << 30;
  private static final Machine MACHINE = new Machine(4000, 8 * GI, 0, 100 * GI);

  @Test
  void podsGetNothingOfWhatIsReservedOrMustStayFree() {
    NodeLimits limits =
        NodeLimits.of(
            new String[] {"cpu=250m,memory=500Mi", "ephemeral-storage=1Gi"}, new String[] {"cpu=250m"}, NONE, 50);
    assertEquals(List.of(), limits.problems());
    NodeCapacity capacity = NodeCapacity.of(MACHINE, limits);
    assertEquals(
        Map.of("cpu", 4000L, "memory", 8 * GI, "ephemeral-storage", 100 * GI, "pods", 50L), capacity.capacity());
    assertEquals(
        Map.of("cpu", 3500L, "memory", 8 * GI - 600 * MI, "ephemeral-storage", 89 * GI, "pods", 50L),
        capacity.allocatable());
    assertEquals(new Quantity("3500m"), capacity.allocatableQuantities().get("cpu"));
  }

  @Test
  void theStandardThresholdsAreThoseOfTheKubelet() {
    assertEquals(
        Map.of("cpu", 4000L, "memory", 8 * GI - 100 * MI, "ephemeral-storage", 90 * GI, "pods", 110L),
        NodeCapacity.of(MACHINE, NodeLimits.STANDARD).allocatable());
  }

  @Test
  void amountsOfBytesAreWrittenAsKubernetesDoes() {
    NodeCapacity capacity = NodeCapacity.of(new Machine(1000, 8 * GI + 1024, 2 * MI, GI + 1), NodeLimits.STANDARD)
        .with(Map.of("example.com/widgets", 1024L));
    assertEquals(new Quantity("8388609Ki"), capacity.capacityQuantities().get("memory"));
    assertEquals(new Quantity("1073741825"), capacity.capacityQuantities().get("ephemeral-storage"));
    assertEquals(new Quantity("1024"), capacity.capacityQuantities().get("example.com/widgets"));
    assertEquals(new Quantity("8Gi"), NodeCapacity.of(MACHINE, NodeLimits.STANDARD).capacityQuantities().get("memory"));
    Map<String, Quantity> none = NodeCapacity.of(new Machine(1000, MI, 0, 0), NodeLimits.STANDARD)
        .allocatableQuantities();
    assertEquals(new Quantity("0"), none.get("memory"));
  }

  @Test
  void nothingIsLessThanNothing() {
    NodeLimits limits = NodeLimits.of(new String[] {"memory=1Ti", "memory=8Ei"}, NONE, NONE, 1);
    assertEquals(0, NodeCapacity.of(MACHINE, limits).allocatable().get("memory"));
  }

  @Test
  void hugePagesAreNoMemoryForPods() {
    NodeLimits limits = NodeLimits.of(NONE, NONE, new String[] {"pid.available<10"}, 1);
    assertEquals(
        6 * GI, NodeCapacity.of(new Machine(1000, 8 * GI, 2 * GI, 0), limits).allocatable().get("memory"));
  }

  @Test
  void thresholdsThatAreNamedHoldAlone() {
    NodeLimits limits =
        NodeLimits.of(NONE, NONE, new String[] {"memory.available<10%", " nodefs.available < 5Gi "}, 1);
    assertEquals(List.of(), limits.problems());
    assertEquals(2, limits.eviction().size());
    assertEquals(5 * GI, limits.eviction().get(1).of(1));
    assertEquals((long) (8 * GI * 0.1), limits.eviction().get(0).of(8 * GI));
  }

  @Test
  void whatCannotBeUsedIsLeftOutAndTold() {
    NodeLimits limits =
        NodeLimits.of(
            new String[] {"memory", "disk=1Gi", "cpu=many", "memory=-1", "cpu=100m"}, NONE,
            new String[] {"memory.available<100Mi", "imagefs.available<15%", "memory.free<1", "pid.available<101%",
                "nodefs.available"},
            0);
    assertEquals(Map.of("cpu", 100L), limits.reserved());
    assertEquals(NodeLimits.STANDARD_PODS, limits.maxPods());
    assertEquals(1, limits.eviction().size());
    String told = String.join("\n", limits.problems());
    assertEquals(9, limits.problems().size(), told);
    assertTrue(told.contains("system.reserved: \"disk=1Gi\" reserves nothing; write one such as cpu=200m"), told);
    assertTrue(told.contains("\"cpu=many\" has no amount"), told);
    assertTrue(told.contains("images are kept on the file system of nodefs"), told);
    assertTrue(told.contains("\"pid.available<101%\" has no percentage from 0% to 100%"), told);
    assertTrue(told.contains("max.pods: 0 is less than 1; 110 are used"), told);
  }
}
