package io.bundlet.apiserver.events;

import static io.bundlet.apiserver.fake.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiEventsTest {
  private static final String POST = "POST /api/v1/namespaces/default/events";
  private static final String PATCH = "PATCH /api/v1/namespaces/default/events/";
  private static final ObjectReference ABOUT = new ObjectReferenceBuilder().withApiVersion("v1").withKind("Pod")
      .withNamespace("default").withName("a").withUid("uid-a").withFieldPath("spec.containers{main}").build();

  private FakeApi api;
  private ApiEvents events;

  @BeforeEach
  void server() throws IOException {
    api = new FakeApi();
    events = new ApiEvents(api);
  }

  @AfterEach
  void end() {
    events.stop();
    api.close();
  }

  private void happens(String message) {
    events.event(ABOUT, "Warning", "BackOff", message);
  }

  private Map<String, Object> written(int post) {
    String name = Trees.text(tree(post), "metadata", "name");
    return api.get("/api/v1/namespaces/default/events/" + name);
  }

  private Map<String, Object> tree(int post) {
    try {
      return api.json().tree(api.bodies.get(post).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void equalEventsAreCounted() {
    happens("again");
    until("the event", () -> api.count(POST) == 1);
    happens("again");
    happens("again");
    until("the count", () -> Trees.number(written(0), 0, "count") == 3);
    assertEquals(1, api.count(POST));
    assertEquals("kubelet", Trees.text(written(0), "source", "component"));
    assertEquals("node-1", Trees.text(written(0), "source", "host"));
    assertEquals("spec.containers{main}", Trees.text(written(0), "involvedObject", "fieldPath"));
  }

  @Test
  void anEventThatTheServerHasForgottenIsANewOne() {
    happens("again");
    until("the event", () -> api.count(POST) == 1 && written(0) != null);
    api.remove("/api/v1/namespaces/default/events/" + Trees.text(written(0), "metadata", "name"));
    happens("again");
    until("the new event", () -> api.count(POST) == 2);
  }

  @Test
  void whatTheServerDoesNotTakeHoldsUpNothing() {
    api.fault(POST, 403, Map.of(), "{\"message\":\"namespace is being terminated\"}");
    api.fault(POST, 500, Map.of(), "");
    happens("one");
    happens("two");
    until("the second after another try", () -> api.count(POST) == 3 && written(2) != null);
    assertEquals("two", Trees.text(written(2), "message"));
  }

  @Test
  void nobodyWaitsForAServerThatIsAway() {
    api.away(true);
    for (int i = 0; i < 5000; i++) {
      happens("event " + i);
    }
    api.away(false);
    until("the first", () -> api.count(POST) > 0);
    assertTrue(api.count(PATCH) + api.count(POST) < 30, "the rest is cut off");
  }
}
