package io.bundlet.apiserver.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusPatchTest {
  private static final String EARLY = "2026-01-01T00:00:00Z";
  private static final String LATE = "2026-01-01T00:05:00Z";

  private static Map<String, Object> pod(String policy, Map<String, Object> status) {
    return Map.of("spec", Map.of("restartPolicy", policy), "status", status);
  }

  private static Map<String, Object> condition(String type, String status, String since) {
    return Map.of("type", type, "status", status, "lastTransitionTime", since);
  }

  private static Map<String, Object> container(Map<String, Object> state) {
    return Map.of("name", "main", "restartCount", 0, "state", state);
  }

  private static Map<String, Object> patch(
      Map<String, Object> before, Map<String, Object> said, boolean running) {
    return StatusPatch.between(before, StatusRules.wanted(pod("Always", before), said, running));
  }

  @Test
  void whatStandsThereIsNotWrittenAgain() {
    Map<String, Object> before = new LinkedHashMap<>();
    before.put("phase", "Running");
    before.put("message", null);
    before.put("startTime", EARLY);
    before.put("qosClass", "BestEffort");
    before.put("conditions", List.of(Map.of("type", "Ready", "status", "True", "lastTransitionTime", EARLY,
        "reason", "")));
    before.put("containerStatuses", List.of(Map.of("name", "main", "restartCount", 0L, "imageID", "",
        "lastState", Map.of(), "state", Map.of("running", Map.of("startedAt", EARLY)))));
    Map<String, Object> said = Map.of("phase", "Running", "startTime", LATE, "qosClass", "Burstable", "conditions",
        List.of(condition("Ready", "True", LATE)), "containerStatuses",
        List.of(container(Map.of("running", Map.of("startedAt", "2026-01-01T00:00:00.123456Z")))));
    assertEquals(Map.of(), patch(before, said, true));
  }

  @Test
  void conditionsOfOthersAreKept() {
    Map<String, Object> before = Map.of("phase", "Pending", "conditions",
        List.of(condition("example.com/gate", "True", EARLY), condition("Ready", "False", EARLY)));
    Map<String, Object> said = Map.of("phase", "Pending", "conditions",
        List.of(condition("Ready", "True", LATE), condition("example.com/mine", "True", LATE)));
    assertEquals(Map.of("conditions", List.of(condition("Ready", "True", LATE))), patch(before, said, true));
  }

  @Test
  void aConditionThatAControllerTurnedTurnsBackNoEarlier() {
    Map<String, Object> before = Map.of("phase", "Running", "conditions", List.of(condition("Ready", "False", LATE)));
    Map<String, Object> said = Map.of("phase", "Running", "conditions", List.of(condition("Ready", "True", EARLY)));
    assertEquals(Map.of("conditions", List.of(condition("Ready", "True", LATE))), patch(before, said, true));
  }

  @Test
  void aConditionOfTheKubeletThatIsNoMoreGoes() {
    Map<String, Object> before = Map.of("conditions", List.of(condition("PodResizePending", "True", EARLY)));
    assertEquals(List.of(Map.of("$patch", "delete", "type", "PodResizePending")),
        patch(before, Map.of(), true).get("conditions"));
  }

  @Test
  void aReasonThatIsNoMoreIsTakenBack() {
    Map<String, Object> before = Map.of("phase", "Pending", "reason", "Waiting", "conditions",
        List.of(Map.of("type", "Ready", "status", "False", "reason", "ContainersNotReady")));
    Map<String, Object> patch = patch(before, Map.of("phase", "Running", "conditions",
        List.of(Map.of("type", "Ready", "status", "True"))), true);
    assertTrue(patch.containsKey("reason"));
    assertEquals(null, patch.get("reason"));
    Map<?, ?> condition = (Map<?, ?>) ((List<?>) patch.get("conditions")).getFirst();
    assertTrue(condition.containsKey("reason"));
  }

  @Test
  void addressesAreReplacedAndNeverTakenBack() {
    Map<String, Object> before = Map.of("podIP", "10.0.0.1", "podIPs", List.of(Map.of("ip", "10.0.0.1")));
    assertEquals(List.of(Map.of("$patch", "replace"), Map.of("ip", "10.0.0.2")),
        patch(before, Map.of("podIP", "10.0.0.2", "podIPs", List.of(Map.of("ip", "10.0.0.2"))), true).get("podIPs"));
    assertEquals(Map.of(), patch(before, Map.of(), true));
  }

  @Test
  void thePhaseWaitsForTheLastContainer() {
    Map<String, Object> before = Map.of("phase", "Running");
    Map<String, Object> said = Map.of("phase", "Failed", "reason", "Evicted", "conditions",
        List.of(condition("DisruptionTarget", "True", LATE)));
    assertEquals(Map.of(), patch(before, said, true));
    Map<String, Object> ended = patch(before, said, false);
    assertEquals("Failed", ended.get("phase"));
    assertEquals("Evicted", ended.get("reason"));
    assertEquals(List.of(condition("DisruptionTarget", "True", LATE)), ended.get("conditions"));
  }

  @Test
  void whatHasEndedForGoodDoesNotRunAgain() {
    Map<String, Object> before = Map.of("phase", "Failed");
    Map<String, Object> pod = pod("Always", before);
    assertTrue(StatusRules.refusal(pod, StatusRules.wanted(pod, Map.of("phase", "Running"), true)).isPresent());

    Map<String, Object> ended = Map.of("phase", "Running", "containerStatuses",
        List.of(container(Map.of("terminated", Map.of("exitCode", 1)))));
    Map<String, Object> again = Map.of("phase", "Running", "containerStatuses",
        List.of(container(Map.of("running", Map.of("startedAt", LATE)))));
    List<String> refused = new ArrayList<>();
    for (String policy : List.of("Always", "OnFailure", "Never")) {
      Map<String, Object> one = pod(policy, ended);
      if (StatusRules.refusal(one, StatusRules.wanted(one, again, true)).isPresent()) {
        refused.add(policy);
      }
    }
    assertEquals(List.of("Never"), refused);
  }
}
