package io.bundlet.core.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ConditionView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers as in {@link Snapshots}. */
class PodConditionsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static List<ConditionView> conditions(PodConditions of, String containers, String phase, Instant now) {
    return of.update(phase, true, Snapshots.of(containers), Map.of(), "", now);
  }

  private static ConditionView one(List<ConditionView> all, String type) {
    return all.stream().filter(condition -> condition.type().equals(type)).findFirst().orElseThrow();
  }

  private static String text(ConditionView condition) {
    return (condition.status() + " " + condition.reason() + " " + condition.message()).strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock = """
          r           | Running   | True
          i:0 r       | Running   | True
          i:w w       | Pending   | False ContainersNotInitialized containers with incomplete status: [c1]
          i:0 i:r w   | Pending   | False ContainersNotInitialized containers with incomplete status: [c2]
          s:n i:w w   | Pending   | False ContainersNotInitialized containers with incomplete status: [c1 c2]
          s:l w       | Pending   | True
          s:n r       | Running   | True
          i:w b       | Running   | True
          i:u i:w w   | Pending   | False ContainersNotInitialized containers with unknown status: [c1], \
          containers with incomplete status: [c2]
          i:w u       | Pending   | False UnknownContainerStatuses
          i:0 0       | Succeeded | True PodCompleted
          i:1 w       | Failed    | False ContainersNotInitialized containers with incomplete status: [c1]
          """)
  void initialized(String containers, String phase, String expected) {
    assertEquals(expected, text(one(conditions(new PodConditions(), containers, phase, NOW), "Initialized")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock = """
          r r         | Running   | True
          r l         | Running   | False ContainersNotReady containers with unready status: [c2]
          s:l r       | Running   | False ContainersNotReady containers with unready status: [c1]
          s:r r e:1   | Running   | True
          r u l       | Pending   | False ContainersNotReady containers with unknown status: [c2], \
          containers with unready status: [c3]
          u           | Pending   | False UnknownContainerStatuses
          0           | Succeeded | False PodCompleted
          1           | Failed    | False PodFailed
          i:0 w       | Pending   | False ContainersNotReady containers with unready status: [c2]
          """)
  void containersReadyAndReady(String containers, String phase, String expected) {
    List<ConditionView> all = conditions(new PodConditions(), containers, phase, NOW);
    assertEquals(expected, text(one(all, "ContainersReady")));
    assertEquals(expected, text(one(all, "Ready")));
  }

  private static Map<String, String> gates(String... all) {
    Map<String, String> gates = new LinkedHashMap<>();
    for (int i = 0; i < all.length; i += 2) {
      gates.put(all[i], all[i + 1]);
    }
    return gates;
  }

  @Test
  void gatesThatNobodyOpensKeepAPodFromBeingReady() {
    List<ConditionView> all =
        new PodConditions()
        .update("Running", true, Snapshots.of("r"), gates("a.b/c", "", "d", "False", "e", "True"), "", NOW);
    assertEquals("True", text(one(all, "ContainersReady")));
    assertEquals(
        "False ReadinessGatesNotReady corresponding condition of pod readiness gate \"a.b/c\" does not exist., "
            + "the status of pod readiness gate \"d\" is not \"True\", but False",
        text(one(all, "Ready")));
  }

  @Test
  void theTimeIsThatOfTheLastChangeOfTheStatus() {
    PodConditions of = new PodConditions();
    conditions(of, "w", "Pending", NOW);
    ConditionView still = one(conditions(of, "w n", "Pending", NOW.plusSeconds(5)), "Ready");
    assertEquals(NOW, still.since());
    assertEquals("containers with unready status: [c1 c2]", still.message());
    assertEquals(NOW.plusSeconds(9), one(conditions(of, "r", "Running", NOW.plusSeconds(9)), "Ready").since());
  }

  @Test
  void aClockThatIsSetBackMakesNoTurnEarlierThanTheOneBefore() {
    PodConditions of = new PodConditions();
    conditions(of, "w", "Pending", NOW);
    ConditionView turned = one(conditions(of, "r", "Running", NOW.minusSeconds(3600)), "Ready");
    assertEquals("True", turned.status());
    assertEquals(NOW, turned.since());
  }

  @Test
  void aPodThatTheNodeEndedIsDisrupted() {
    List<ConditionView> all =
        new PodConditions().update("Failed", false, Snapshots.of("1"), Map.of(), "no memory", NOW);
    assertEquals("True TerminationByKubelet no memory", text(one(all, "DisruptionTarget")));
    assertEquals("False", text(one(all, "PodReadyToStartContainers")));
    assertTrue(one(all, "PodScheduled").status().equals("True"));
  }
}
