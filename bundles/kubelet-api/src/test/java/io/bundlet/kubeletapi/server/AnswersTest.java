package io.bundlet.kubeletapi.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodList;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnswersTest {
  private final JsonMapper json = JsonMapper.builder().build();
  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness();
  }

  @AfterEach
  void end() {
    harness.close();
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = harness.get(path);
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
    return json.readTree(answer.body());
  }

  @Test
  void podsAreAListOfKubernetes() throws Exception {
    PodList all = json.treeToValue(get("/pods"), PodList.class);
    assertEquals(
        List.of("web", "done"), all.getItems().stream().map(pod -> pod.getMetadata().getName()).toList());
    assertEquals("PodList v1", all.getKind() + " " + all.getApiVersion());
    assertEquals(1, json.treeToValue(get("/runningpods/"), PodList.class).getItems().size());
  }

  @Test
  void theSummaryTellsWhatIsKnown() throws Exception {
    JsonNode summary = get("/stats/summary");
    assertEquals(json.readTree("""
        {"nodeName": "node-1", "systemContainers": [], "startTime": "1970-01-01T00:00:00Z",
         "cpu": {"time": "1970-01-01T00:00:20Z", "usageNanoCores": 500000000, "usageCoreNanoSeconds": 7000000000},
         "memory": {"time": "1970-01-01T00:00:20Z", "availableBytes": 3000, "workingSetBytes": 1000},
         "fs": {"time": "1970-01-01T00:00:20Z", "availableBytes": 600, "capacityBytes": 1000, "usedBytes": 400}}
        """), summary.get("node"));
    assertEquals(json.readTree("""
        {"podRef": {"name": "web", "namespace": "default", "uid": "uid-web"}, "startTime": "1970-01-01T00:00:00Z",
         "containers": [
           {"name": "main", "startTime": "1970-01-01T00:00:00Z",
            "cpu": {"time": "1970-01-01T00:00:10Z", "usageNanoCores": 250000000, "usageCoreNanoSeconds": 3000000000},
            "memory": {"time": "1970-01-01T00:00:10Z", "workingSetBytes": 1048576},
            "logs": {"time": "1970-01-01T00:00:10Z", "usedBytes": 4096}}],
         "cpu": {"time": "1970-01-01T00:00:10Z", "usageNanoCores": 250000000, "usageCoreNanoSeconds": 3000000000},
         "memory": {"time": "1970-01-01T00:00:10Z", "workingSetBytes": 1048576},
         "volume": [{"time": "2026-01-31T12:00:00Z", "usedBytes": 8192, "inodesUsed": 2, "name": "scratch"}]}
        """), summary.get("pods").get(0));
  }

  @Test
  void theSummaryMayBeShort() throws Exception {
    JsonNode summary = get("/stats/summary?only_cpu_and_memory=true");
    assertTrue(summary.get("node").has("cpu") && !summary.get("node").has("fs"), "" + summary);
    assertTrue(summary.get("pods").get(0).has("memory") && !summary.get("pods").get(0).has("volume"), "" + summary);
  }

  @Test
  void settingsAreThoseOfAKubelet() throws Exception {
    JsonNode settings = get("/configz").get("kubeletconfig");
    assertEquals(10250, settings.get("port").asInt());
    assertEquals(110, settings.get("maxPods").asInt());
  }

  @Test
  void metricsAreThoseOfTheExporter() throws Exception {
    assertEquals("of_group_ 1\n", harness.get("/metrics").body());
    HttpResponse<String> resource = harness.get("/metrics/resource");
    assertEquals("of_group_resource 1\n", resource.body());
    assertEquals("text/plain; version=0.0.4", resource.headers().firstValue("Content-Type").orElse(""));
  }

  @Test
  void aRotatedCertificateIsServedAtOnce() throws Exception {
    X509Certificate before = served();
    harness.identity.serving = harness.servers.server("CN=node-1");
    assertNotEquals(before, served());
    harness.neighbours.identity.unbind(harness.identity);
    assertThrows(IOException.class, this::served);
    harness.neighbours.identity.bind(harness.identity);
    assertEquals(harness.identity.serving.certificate(), served());
  }

  private X509Certificate served() throws Exception {
    HttpResponse<String> answer = harness.get("/healthz");
    return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }

  @Test
  void anExchangedAuthorityCountsFromTheNextRequestOn() throws Exception {
    TestAuthority next = new TestAuthority("clients");
    try (HttpClient old = harness.client(harness.admin); HttpClient fresh = harness.client(next.client("CN=admin"))) {
      assertEquals(200, status(old));
      assertEquals(401, status(fresh));
      harness.identity.authorities = List.of(next.certificate());
      assertEquals(401, status(old), "over the same connection, too");
      assertEquals(200, status(fresh));
      harness.identity.authorities = List.of();
      assertEquals(401, status(fresh));
    }
  }

  private int status(HttpClient client) throws Exception {
    return client.send(harness.request("/healthz").build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void aServerThatIsAwayIsNoRefusal() throws Exception {
    harness.reviews.down = true;
    HttpResponse<String> unknown = harness.get("/healthz");
    assertEquals(503, unknown.statusCode(), "what he may do is not known");
    assertFalse(unknown.body().contains("10.9.8.7"), "where the API server is is nobody's matter");
    try (HttpClient client = harness.client(Optional.empty())) {
      assertEquals(
          503,
          client.send(
              harness.request("/healthz").header("Authorization", "Bearer good").build(),
              HttpResponse.BodyHandlers.ofString()).statusCode());
      harness.neighbours.reviews.unbind(harness.reviews);
      assertEquals(401, status(client), "without a token nobody need be asked");
    }
    harness.neighbours.reviews.bind(harness.reviews);
    harness.reviews.down = false;
    assertEquals(200, harness.get("/healthz").statusCode(), "nothing of it is kept");
    harness.reviews.down = true;
    assertEquals(200, harness.get("/healthz").statusCode(), "what was allowed is");
  }
}
