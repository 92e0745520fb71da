package io.bundlet.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PullSlotsTest {
  private final AtomicInteger most = new AtomicInteger(2);
  private final PullSlots slots = new PullSlots(most::get);
  private final List<String> granted = new ArrayList<>();

  private PullSlots.Turn stand(String name) {
    return slots.stand("cri", () -> granted.add(name));
  }

  @Test
  void soManyAtATimeInTheirOrder() {
    PullSlots.Turn a = stand("a");
    PullSlots.Turn b = stand("b");
    PullSlots.Turn c = stand("c");
    PullSlots.Turn d = stand("d");
    assertTrue(a.granted() && b.granted());
    assertFalse(c.granted() || d.granted());
    b.close();
    b.close();
    assertTrue(c.granted());
    assertFalse(d.granted());
    assertEquals(List.of("c"), granted);
    a.close();
    assertEquals(List.of("c", "d"), granted);
  }

  @Test
  void whoLeavesTheLineHoldsUpNobody() {
    PullSlots.Turn a = stand("a");
    stand("b");
    PullSlots.Turn c = stand("c");
    PullSlots.Turn d = stand("d");
    c.close();
    assertFalse(d.granted());
    a.close();
    assertTrue(d.granted());
    assertFalse(c.granted());
  }

  @Test
  void anotherRuntimeHasALineOfItsOwn() {
    stand("a");
    stand("b");
    assertFalse(stand("c").granted());
    assertTrue(slots.stand("wasi", () -> granted.add("w")).granted());
  }

  @Test
  void theBoundMayChange() {
    PullSlots.Turn a = stand("a");
    PullSlots.Turn b = stand("b");
    PullSlots.Turn c = stand("c");
    most.set(1);
    a.close();
    assertFalse(c.granted());
    most.set(PullSlots.ANY_NUMBER);
    assertTrue(stand("d").granted());
    assertTrue(c.granted());
    b.close();
    assertEquals(List.of("c"), granted);
  }
}
