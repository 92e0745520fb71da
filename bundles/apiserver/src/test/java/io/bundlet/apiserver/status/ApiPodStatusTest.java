package io.bundlet.apiserver.status;

import static io.bundlet.apiserver.fake.Pods.path;
import static io.bundlet.apiserver.fake.Pods.pod;
import static io.bundlet.apiserver.fake.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.apiserver.pods.ApiPods;
import io.bundlet.kubernetes.PodReport;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiPodStatusTest {
  private static final String PATCH = "PATCH /api/v1/namespaces/default/pods/";

  private FakeApi api;
  private ApiPods pods;
  private ApiPodStatus status;

  @BeforeEach
  void server() throws IOException {
    api = new FakeApi();
  }

  @AfterEach
  void end() {
    status.stop();
    pods.stop();
    api.close();
  }

  private void start() {
    pods = new ApiPods(api);
    status = new ApiPodStatus(api, pods, (about, type, reason, message) -> {});
    until("the list", pods::complete);
  }

  private static PodStatus running(String ready) {
    return new PodStatusBuilder().withPhase("Running").withPodIP("10.0.0.1").withStartTime("2026-01-01T00:00:00Z")
        .addNewPodIP("10.0.0.1").addNewCondition().withType("Ready").withStatus(ready).endCondition().build();
  }

  private void say(Pod pod, PodStatus said) {
    status.status(new PodReport("api", pod, said, true));
  }

  private String phase(String name) {
    return Trees.text(api.get(path(name)), "status", "phase");
  }

  @Test
  void whatIsSaidStandsInTheServerAfterOneRequest() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), new PodBuilder(pod).editStatus().addNewCondition().withType("example.com/x").withStatus("True")
        .endCondition().endStatus().build());
    start();
    say(pod, running("True"));
    until("the phase", () -> phase("a").equals("Running"));
    assertEquals(2, Trees.list(api.get(path("a")), "status", "conditions").size(), "another's condition is kept");
    assertEquals(1, api.count(PATCH));
    assertEquals(0, api.count("GET " + path("a")));
    assertTrue(api.bodies.stream().anyMatch(body -> body.contains("\"uid\":\"uid-a\"")));
  }

  @Test
  void manyReportsAreFewRequests() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    long began = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      PodStatus said = running("False");
      said.setMessage("step " + i);
      say(pod, said);
    }
    until("the last", () -> Trees.text(api.get(path("a")), "status", "message").equals("step 99"));
    long spaces = (System.nanoTime() - began) / 250_000_000L;
    assertTrue(api.count(PATCH) <= 3 + spaces, () -> "patches: " + api.count(PATCH));
  }

  @Test
  void patchesThatChangeLittleAreSpaced() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    say(pod, running("False"));
    until("the phase", () -> phase("a").equals("Running"));
    long began = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      PodStatus said = running("False");
      said.setMessage("step " + i);
      say(pod, said);
      until(said.getMessage(), () -> Trees.text(api.get(path("a")), "status", "message").equals(said.getMessage()));
    }
    assertTrue(System.nanoTime() - began > 1_000_000_000L, "eight within a second");
  }

  @Test
  void aPodThatWasWrittenByAnotherMeanwhileIsReadAndComparedAgain() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    api.fault(PATCH, 409, Map.of(), "{\"message\":\"the object has been modified\"}");
    say(pod, running("True"));
    until("the phase", () -> phase("a").equals("Running"));
    assertEquals(1, api.count("GET " + path("a")));
  }

  @Test
  void aPodOfTheSameNameIsNotTouched() {
    api.put(path("a"), pod("a", "uid-new"));
    start();
    say(pod("a", "uid-old"), running("True"));
    Pod last = pod("z", "uid-z");
    api.put(path("z"), last);
    until("the other pod", () -> pods.pod("uid-z").isPresent());
    say(last, running("True"));
    until("a later one", () -> phase("z").equals("Running"));
    assertEquals("Pending", phase("a"));
  }

  @Test
  void nothingIsLostWhileTheServerIsAway() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    api.away(true);
    say(pod, running("False"));
    say(pod, running("True"));
    api.away(false);
    until("what was said last", () -> phase("a").equals("Running") && Trees.text(
        Trees.list(api.get(path("a")), "status", "conditions").getFirst(), "status").equals("True"));
  }

  @Test
  void failuresOfAllSortsAreOutlived() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    api.fault(PATCH, 503, Map.of(), "");
    api.fault(PATCH, 429, Map.of("Retry-After", "1"), "{}");
    api.half(PATCH);
    say(pod, running("True"));
    until("the phase", () -> phase("a").equals("Running"));
    assertTrue(api.faultsMet());
  }

  @Test
  void whatAnOldServerDropsIsNotSentForEver() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    // this server answers without the message, whatever it is told
    api.fault(PATCH, 200, Map.of(), api.json().text(new PodBuilder(pod).editMetadata().withResourceVersion("900")
        .endMetadata().withStatus(running("True")).build()));
    PodStatus said = running("True");
    said.setMessage("dropped");
    say(pod, said);
    until("the patch", () -> api.count(PATCH) == 1 && api.faultsMet());
    say(pod, said);
    Pod other = pod("b", "uid-b");
    api.put(path("b"), other);
    until("the other pod", () -> pods.pod("uid-b").isPresent());
    say(other, running("True"));
    until("the other pod's status", () -> phase("b").equals("Running"));
    assertEquals(1, api.count(PATCH + "a"));
  }

  @Test
  void aPodOfWhichNothingIsLeftGoesAfterItsLastStatus() {
    Pod pod = new PodBuilder(pod("a", "uid-a")).editMetadata().withDeletionTimestamp("2026-01-01T00:00:00Z")
        .endMetadata().build();
    api.put(path("a"), pod);
    start();
    PodStatus ended = new PodStatusBuilder().withPhase("Succeeded").build();
    status.status(new PodReport("api", pod, ended, false));
    status.gone("api", pod);
    until("its removal", () -> api.get(path("a")) == null);
    int patch = index(PATCH + "a/status");
    int delete = index("DELETE " + path("a"));
    assertTrue(patch >= 0 && patch < delete, "the status comes first");
    assertTrue(api.bodies.get(delete).contains("\"gracePeriodSeconds\":0"));
    assertTrue(api.bodies.get(delete).contains("\"uid\":\"uid-a\""));
  }

  @Test
  void aRemovalThatIsRefusedIsAskedForAgain() {
    Pod pod = new PodBuilder(pod("a", "uid-a")).editMetadata().withDeletionTimestamp("2026-01-01T00:00:00Z")
        .endMetadata().build();
    api.put(path("a"), pod);
    start();
    api.fault("DELETE", 409, Map.of(), "{\"message\":\"the object has been modified\"}");
    status.gone("api", pod);
    until("its removal", () -> api.get(path("a")) == null);
    assertEquals(2, api.count("DELETE"));
  }

  @Test
  void anAnswerThatIsNoPodIsNoAnswer() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    api.fault(PATCH, 200, Map.of(), "{\"welcome\":\"to this network\"}");
    say(pod, running("True"));
    until("the phase", () -> phase("a").equals("Running"));
  }

  @Test
  void aStaticPodThatRunsAgainGetsAnotherMirror() {
    api.put("/api/v1/nodes/node-1", new NodeBuilder().withNewMetadata().withName("node-1").withUid("uid-node")
        .endMetadata().build());
    Pod pod = new PodBuilder(pod("a", "hash-1")).editMetadata().addToAnnotations("kubernetes.io/config.hash", "hash-1")
        .addToAnnotations("kubernetes.io/config.source", "file").endMetadata().build();
    // from before the machine was shut down
    api.put(path("a"), new PodBuilder(pod).editMetadata().withUid("uid-mirror")
        .addToAnnotations("kubernetes.io/config.mirror", "hash-1").endMetadata()
        .withStatus(new PodStatusBuilder().withPhase("Failed").withReason("Terminated").build()).build());
    start();
    status.status(new PodReport("manifests", pod, running("True"), true));
    until("the phase of another mirror", () -> phase("a").equals("Running"));
    assertFalse(Trees.text(api.get(path("a")), "metadata", "uid").equals("uid-mirror"), "no phase goes back");
    assertEquals(1, api.count("DELETE"));
  }

  @Test
  void aPodThatWasNeverBegunJustGoes() {
    Pod pod = new PodBuilder(pod("a", "uid-a")).editMetadata().withDeletionTimestamp("2026-01-01T00:00:00Z")
        .endMetadata().build();
    api.put(path("a"), pod);
    start();
    status.gone("api", pod);
    until("its removal", () -> api.get(path("a")) == null);
    assertEquals(0, api.count(PATCH));
  }

  @Test
  void aPodThatIsNotToGoStays() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    status.status(new PodReport("api", pod, new PodStatusBuilder().withPhase("Failed").build(), false));
    status.gone("api", pod);
    until("its phase", () -> phase("a").equals("Failed"));
    until("a look at it", () -> api.count("GET " + path("a")) >= 1);
    assertNotNull(api.get(path("a")));
    assertEquals(0, api.count("DELETE"));
  }

  @Test
  void whatAnotherWroteOverIsMended() {
    Pod pod = pod("a", "uid-a");
    api.put(path("a"), pod);
    start();
    say(pod, running("True"));
    until("the phase", () -> phase("a").equals("Running"));
    api.put(path("a"), pod);
    until("the phase again", () -> phase("a").equals("Running"));
  }

  private int index(String startsWith) {
    for (int index = 0; index < api.asked.size(); index++) {
      if (api.asked.get(index).startsWith(startsWith)) {
        return index;
      }
    }
    return -1;
  }
}
