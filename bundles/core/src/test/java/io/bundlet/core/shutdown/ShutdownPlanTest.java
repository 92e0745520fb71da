package io.bundlet.core.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.shutdown.ShutdownPlan.Group;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownPlanTest {
  private static final String[] NONE = {};

  private static Group group(int priority, int seconds) {
    return new Group(priority, Duration.ofSeconds(seconds));
  }

  @Test
  void nothingIsEndedUnlessItIsAskedFor() {
    assertEquals(new ShutdownPlan(List.of(), List.of()), ShutdownPlan.of(0, 0, NONE));
  }

  @Test
  void criticalPodsEndLastWithAPartOfTheWhole() {
    ShutdownPlan plan = ShutdownPlan.of(30, 10, NONE);
    assertEquals(List.of(group(0, 20), group(2_000_000_000, 10)), plan.groups());
    assertEquals(Duration.ofSeconds(30), plan.total());
    assertEquals(
        List.of(0, 0, 0, 1, 1),
        List.of(-5, 0, 1_999_999_999, 2_000_000_000, 2_000_001_000).stream().map(plan::group).toList());
  }

  @Test
  void eachPriorityMayHaveAGraceOfItsOwn() {
    ShutdownPlan plan = ShutdownPlan.of(30, 10, new String[] {"1000=20, 100=5", "100000=0"});
    assertEquals(List.of(group(100, 5), group(1000, 20), group(100_000, 0)), plan.groups());
    assertEquals(
        List.of(0, 0, 0, 1, 1, 2), List.of(0, 100, 999, 1000, 99_999, 1_000_000).stream().map(plan::group).toList());
  }

  @Test
  void whatCannotBeUsedIsLeftOutAndTold() {
    ShutdownPlan plan = ShutdownPlan.of(0, 0, new String[] {"0=10", "high=3", "5", "7=-1", "0=20", "8=999999999999"});
    assertEquals(List.of(group(0, 10)), plan.groups());
    assertEquals(5, plan.problems().size());
    assertTrue(plan.problems().getFirst().contains("\"high=3\""), plan.problems().toString());
    assertEquals(List.of(group(0, 10), group(2_000_000_000, 0)), ShutdownPlan.of(10, 11, NONE).groups());
    assertEquals(1, ShutdownPlan.of(10, 11, NONE).problems().size());
    assertEquals(List.of(), ShutdownPlan.of(-1, 0, NONE).groups());
  }
}
