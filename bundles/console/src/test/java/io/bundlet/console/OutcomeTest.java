package io.bundlet.console;

import static io.bundlet.console.FakeNode.container;
import static io.bundlet.console.FakeNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutcomeTest {
  private final Outcome outcome = new Outcome(0);

  @Test
  void aPodWhoseContainersHaveEndedIsOverWhenItHasEndedItself() {
    outcome.connected();
    outcome.changed(pod("web", "Never", "Succeeded", "Running", container("Exited", 0, 0, null)));
    assertFalse(outcome.over(1));
    outcome.changed(pod("web", "Never", "Succeeded", "Succeeded", container("Done", 0, 0, null)));
    assertTrue(outcome.over(1));
    assertEquals(0, outcome.code());
  }
}
