package io.bundlet.e2e.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DifferenceTest {
  private static final PeerManifest ENDS = manifest(false);
  private static final PeerManifest LOOPS = manifest(true);

  private static PeerManifest manifest(boolean loops) {
    return new PeerManifest("pod", "", Duration.ZERO, Duration.ZERO, loops, false, "");
  }

  /** Seconds and the phase then, in turn. */
  private static Round.Seen seen(Object... phases) {
    History history = new History();
    for (int i = 0; i < phases.length; i += 2) {
      history.add((int) phases[i] * 1000L, Map.of("phase", (String) phases[i + 1], "c", "" + phases[i + 1].hashCode()));
    }
    return new Round.Seen(history, Map.of(), 0);
  }

  private static List<String> tracks(List<Difference> differences) {
    return differences.stream().map(Difference::track).toList();
  }

  @Test
  void theSameStatesAtOtherTimesAreNoDifference() throws Exception {
    assertEquals(
        List.of(), Difference.of(ENDS, seen(0, "A", 5, "B"), seen(0, "A", 1, "A", 2, "B"), List.of()));
  }

  @Test
  void aStateThatIsMissingIsADifference() throws Exception {
    assertEquals(
        List.of("c", "phase"),
        tracks(Difference.of(ENDS, seen(0, "A", 1, "B", 2, "C"), seen(0, "A", 2, "C"), List.of())));
  }

  @Test
  void ofPodsWithoutEndTheBeginningCounts() throws Exception {
    assertEquals(List.of(), Difference.of(LOOPS, seen(0, "A", 1, "B", 2, "C", 3, "D"), seen(0, "A", 1, "B", 2, "C"),
        List.of()));
    assertFalse(Difference.of(LOOPS, seen(0, "A", 1, "B", 2, "C", 3, "D"), seen(0, "A", 1, "B", 2, "D"), List.of())
        .isEmpty());
    assertFalse(Difference.of(LOOPS, seen(0, "A", 1, "B", 2, "C"), seen(0, "A", 1, "B"), List.of()).isEmpty());
  }

  @Test
  void anotherOrderOfTwoTracksIsADifference() throws Exception {
    History there = new History();
    there.add(0, Map.of("one", "x", "two", "x"));
    there.add(5000, Map.of("one", "y", "two", "x"));
    there.add(9000, Map.of("one", "y", "two", "y"));
    History here = new History();
    here.add(0, Map.of("one", "x", "two", "x"));
    here.add(5000, Map.of("one", "x", "two", "y"));
    here.add(9000, Map.of("one", "y", "two", "y"));
    List<Difference> found =
        Difference.of(
            ENDS, new Round.Seen(there, Map.of(), 0), new Round.Seen(here, Map.of("said", "word"), 0), List.of());
    assertEquals(List.of("order", "said"), tracks(found));
    assertEquals("one: y BEFORE two: y", found.getFirst().upstream());
  }

  @Test
  void whatIsKnownToPassIsLeftOut() throws Exception {
    KnownDifferences.Known passes =
        new KnownDifferences.Known(Map.of("track", "phase", "passes", "B.*", "explained", "it is told"));
    assertEquals(
        List.of("c"),
        tracks(Difference.of(ENDS, seen(0, "A", 2, "C"), seen(0, "A", 1, "Bx", 2, "C"), List.of(passes))));
  }

  @Test
  void aStatusIsReadIntoTracks() throws Exception {
    Map<String, String> tracks =
        Projection.of(
            "pod",
            new JsonMapper().readTree(
                """
                {"phase": "Running", "reason": "x", "qosClass": "Burstable",
                 "conditions": [{"type": "Ready", "status": "False", "reason": "R",
                   "message": "of pod-peer_12345678-1234-1234-1234-123456789012"}, {"type": "Other", "status": "True"}],
                 "containerStatuses": [{"name": "c", "ready": true, "restartCount": 2,
                   "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                   "lastState": {"terminated": {"exitCode": 3, "reason": "Error"}}}]}
                """));
    assertEquals(
        Map.of(
            "phase", "Running", "class of service", "Burstable", "condition Ready", "False R (of pod_UID)",
            "container c", "Waiting CrashLoopBackOff #2 after 3 Error", "container c ready", "true",
            "container c started", "false"),
        tracks);
  }

  @Test
  void ofBadPodsTheReasonsCount() {
    History history = new History();
    history.add(0, Map.of("phase", "Pending", "container c", "Waiting ContainerCreating #0"));
    history.add(1, Map.of("phase", "Running", "container c", "Terminated 3 Error (words # 4) #0 after 1 Error"));
    history.add(2, Map.of("phase", "Running", "container c", "Running #1", "container c ready", "true"));
    history.add(3, Map.of("phase", "Failed Why (words)", "container c", "Terminated 3 Error #1 after 3 Error"));
    assertEquals(
        "Failed Why; c: Running, Terminated 1 Error, Terminated 3 Error",
        BadPods.said(new Round.Seen(history, Map.of(), 0)));
    assertEquals("nothing", BadPods.said(new Round.Seen(new History(), Map.of(), 0)));
  }

  @Test
  void allManifestsAndKnownDifferencesCanBeRead() throws Exception {
    assertTrue(PeerManifest.all().size() >= 30 || System.getProperty("peer.only") != null);
    for (KnownDifferences.Known known : new KnownDifferences().all()) {
      assertFalse(known.explanation().isBlank());
    }
  }
}
