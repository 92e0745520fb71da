package io.bundlet.wasmengine.endive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import run.endive.wasm.types.MemoryLimits;

class HeapBudgetTest {
  private static final int PAGE = 64 << 10;

  private final HeapBudget budget = new HeapBudget(4 * PAGE);

  @Test
  void memoriesGrowUntilTheBudgetIsUsedUp() {
    CountedMemory first = new CountedMemory(new MemoryLimits(1, 100), false, budget);
    CountedMemory second = new CountedMemory(new MemoryLimits(1, 100), false, budget);
    assertEquals(1, first.grow(2));
    assertEquals(-1, second.grow(1));
    assertEquals(1, second.pages());
    first.release();
    assertEquals(1, second.grow(3));
  }

  @Test
  void aMemoryThatGrowsNoFurtherTakesNothing() {
    CountedMemory memory = new CountedMemory(new MemoryLimits(1, 2), false, budget);
    assertEquals(-1, memory.grow(2));
    assertEquals(-1, memory.grow(-1));
    assertEquals(1, memory.grow(1));
    assertTrue(budget.take(2 * PAGE));
  }

  @Test
  void whatDoesNotFitAtAllIsRefusedInWords() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> new CountedMemory(new MemoryLimits(5, 5), false, budget));
    assertTrue(refused.getMessage().contains("larger heap"), refused.getMessage());
    assertTrue(budget.take(4 * PAGE));
  }
}
