package io.bundlet.apiserver.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.Settings;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The node's object and lease in a server that keeps objects. */
class NodeStatusTest {
  private static final String NODE = "/api/v1/nodes/" + FakeApi.NODE;
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + FakeApi.NODE;

  private static final NodeTimes TIMES = NodeTimes.of(Settings.of(ApiServerConfig.class, Map.of()));

  private final FakeApi server = new FakeApi();
  private final Requests requests = new Requests(server::client);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  /** By how much the wall clock was set. */
  private Duration jumped = Duration.ZERO;
  private NodeStatus status = status();

  NodeStatusTest() throws Exception {}

  @AfterEach
  void close() {
    server.close();
  }

  private NodeStatus status() {
    return new NodeStatus(requests, FakeApi.NODE, () -> now.plus(jumped), () -> now.getEpochSecond() * 1_000_000_000L,
        () -> TIMES);
  }

  private static NodeBuilder node(String ready) {
    return new NodeBuilder().withNewMetadata().withName(FakeApi.NODE).addToLabels("runtime.bundlet.io/wasi", "true")
        .addToLabels("kubernetes.io/os", "linux").endMetadata()
        .withNewSpec().addNewTaint("NoSchedule", "k", null, "v").endSpec()
        .withNewStatus().addToCapacity("cpu", new Quantity("2"))
        .addNewAddress("10.0.0.1", "InternalIP").addNewAddress("fd00::1", "InternalIP")
        .addNewCondition().withType("Ready").withStatus(ready).withReason("R").withMessage("m")
        .withLastTransitionTime("2025-12-31T23:00:00Z").endCondition().endStatus();
  }

  private Map<String, Object> step(Node node) throws Exception {
    status.step(server.json().tree(node));
    return server.get(NODE);
  }

  private static Map<String, Object> ready(Map<String, Object> node) {
    return Trees.list(node, "status", "conditions").stream().map(condition -> Trees.object(condition))
        .filter(condition -> condition.get("type").equals("Ready")).findFirst().orElseThrow();
  }

  @Test
  void theNodeIsMadeWithItsTaintsAndThenLeftAlone() throws Exception {
    Map<String, Object> made = step(node("True").build());
    assertEquals("k", Trees.text(Trees.list(made, "spec", "taints").getFirst(), "key"));
    assertEquals("2025-12-31T23:00:00Z", ready(made).get("lastTransitionTime"));
    assertEquals("2026-01-01T00:00:00Z", ready(made).get("lastHeartbeatTime"));
    now = now.plusSeconds(10);
    step(node("True").build());
    assertEquals(List.of("GET " + NODE, "POST /api/v1/nodes", "GET " + NODE), server.asked);
  }

  @Test
  void everyFiveMinutesItIsSaidAgain() throws Exception {
    step(node("True").build());
    now = now.plus(TIMES.report()).plusSeconds(1);
    Map<String, Object> again = step(node("True").build());
    assertEquals("2026-01-01T00:05:01Z", ready(again).get("lastHeartbeatTime"));
    assertEquals("2025-12-31T23:00:00Z", ready(again).get("lastTransitionTime"));
    assertEquals(2, Trees.list(again, "status", "addresses").size());
  }

  @Test
  void aClockThatIsSetBackDoesNotMakeItSilent() throws Exception {
    step(node("True").build());
    jumped = Duration.ofHours(-1);
    now = now.plus(TIMES.report()).plusSeconds(1);
    assertEquals("2025-12-31T23:05:01Z", ready(step(node("True").build())).get("lastHeartbeatTime"));
  }

  @Test
  void aConditionThatTurnsHasTheTimeOfItsTurn() throws Exception {
    step(node("True").build());
    now = now.plusSeconds(60);
    assertEquals("2026-01-01T00:01:00Z", ready(step(node("False").build())).get("lastTransitionTime"));
    // Another process, which has known this status for another time.
    status = status();
    now = now.plusSeconds(60);
    Map<String, Object> again = step(node("False").build());
    assertEquals("2026-01-01T00:01:00Z", ready(again).get("lastTransitionTime"));
    assertEquals("2026-01-01T00:02:00Z", ready(again).get("lastHeartbeatTime"));
  }

  @Test
  void whatOthersWroteIsKeptAndWhatWeTakeBackGoes() throws Exception {
    step(node("True").build());
    server.put(NODE, with(with(server.get(NODE), "labels", "team", "blue"), "annotations", "team/a", "b"));
    // Started anew in between.
    status = status();
    Map<String, Object> later =
        step(node("True").editMetadata().removeFromLabels("runtime.bundlet.io/wasi").endMetadata().build());
    assertEquals("blue", Trees.text(later, "metadata", "labels", "team"));
    assertEquals("b", Trees.text(later, "metadata", "annotations", "team/a"));
    assertNull(Trees.at(later, "metadata", "labels", "runtime.bundlet.io/wasi"));
    assertEquals("linux", Trees.text(later, "metadata", "labels", "kubernetes.io/os"));
  }

  private static Map<String, Object> with(Map<String, Object> node, String kind, String name, String value) {
    Map<String, Object> values = new LinkedHashMap<>(Trees.object(node, "metadata", kind));
    values.put(name, value);
    Map<String, Object> metadata = new LinkedHashMap<>(Trees.object(node, "metadata"));
    metadata.put(kind, values);
    Map<String, Object> changed = new LinkedHashMap<>(node);
    changed.put("metadata", metadata);
    return changed;
  }

  @Test
  void whatSomebodyElseTurnedIsTurnedBack() throws Exception {
    step(node("True").build());
    server.put(NODE, with(server.get(NODE), "labels", "kubernetes.io/os", "windows"));
    assertEquals("linux", Trees.text(step(node("True").build()), "metadata", "labels", "kubernetes.io/os"));
  }

  @Test
  void aDeletedNodeIsMadeAgainAndOwnsItsLease() throws Exception {
    NodeLease lease = new NodeLease(requests, FakeApi.NODE, () -> now, () -> TIMES);
    String first = status.step(server.json().tree(node("True").build()));
    lease.renew(first);
    assertEquals(first, owner());
    server.remove(NODE);
    String second = status.step(server.json().tree(node("True").build()));
    assertNotEquals(first, second);
    lease.renew(second);
    assertEquals(second, owner());
    assertEquals(1, Trees.list(server.get(LEASE), "metadata", "ownerReferences").size());
  }

  @Test
  void theLeaseIsRenewedAndMadeAgainWhenItIsGone() throws Exception {
    NodeLease lease = new NodeLease(requests, FakeApi.NODE, () -> now, () -> TIMES);
    lease.renew("u");
    now = now.plusSeconds(10).plusNanos(1_000);
    lease.renew("u");
    assertEquals("2026-01-01T00:00:10.000001Z", Trees.text(server.get(LEASE), "spec", "renewTime"));
    assertEquals(40L, Trees.number(server.get(LEASE), 0, "spec", "leaseDurationSeconds"));
    server.remove(LEASE);
    lease.renew("u");
    assertEquals("u", owner());
  }

  @Test
  void aLeaseIsNeverRenewedAtAnEarlierTimeThanBefore() throws Exception {
    new NodeLease(requests, FakeApi.NODE, () -> now, () -> TIMES).renew("u");
    now = now.minus(Duration.ofHours(1));
    // Also by a node that was started again in between.
    NodeLease lease = new NodeLease(requests, FakeApi.NODE, () -> now, () -> TIMES);
    assertTrue(lease.renewFromBefore());
    assertEquals("2026-01-01T00:00:00.000001Z", Trees.text(server.get(LEASE), "spec", "renewTime"));
    lease.renew("u");
    assertEquals("2026-01-01T00:00:00.000002Z", Trees.text(server.get(LEASE), "spec", "renewTime"));
    now = now.plus(Duration.ofHours(1)).plusSeconds(1);
    lease.renew("u");
    assertEquals("2026-01-01T00:00:01.000000Z", Trees.text(server.get(LEASE), "spec", "renewTime"));
  }

  @Test
  void aNodeThatWasNeverThereHasNoLeaseFromBefore() throws Exception {
    assertFalse(new NodeLease(requests, FakeApi.NODE, () -> now, () -> TIMES).renewFromBefore());
    assertNull(server.get(LEASE));
  }

  @Test
  void timesThatWouldKeepTheServerBusyAreNotTaken() {
    assertEquals(new NodeTimes(Duration.ofSeconds(40), Duration.ofSeconds(10), Duration.ofMinutes(5)), TIMES);
    NodeTimes least = NodeTimes.of(Settings.of(ApiServerConfig.class,
        Map.of("lease_seconds", 0, "status_look_seconds", -1, "status_report_seconds", 0)));
    assertEquals(new NodeTimes(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofSeconds(1)), least);
  }

  @Test
  void aRefusedRequestIsAFailureAndTheNextOneGoesOn() throws Exception {
    server.fault("POST /api/v1/nodes", 500, Map.of(), "{}");
    try {
      step(node("True").build());
      throw new AssertionError("no failure");
    } catch (java.io.IOException expected) {
      assertTrue(expected.getMessage().contains("500"), expected.getMessage());
    }
    assertEquals("linux", Trees.text(step(node("True").build()), "metadata", "labels", "kubernetes.io/os"));
    assertEquals(Duration.ofSeconds(10), TIMES.renewal());
  }

  private String owner() {
    return Trees.text(Trees.list(server.get(LEASE), "metadata", "ownerReferences").getLast(), "uid");
  }
}
