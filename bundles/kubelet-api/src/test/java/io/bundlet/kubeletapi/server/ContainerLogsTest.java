package io.bundlet.kubeletapi.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContainerLogsTest {
  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness();
    harness.node.log.write("first\n").write("second\n").end();
  }

  @AfterEach
  void end() {
    harness.close();
  }

  @Test
  void aLogIsTextInPieces() throws Exception {
    HttpResponse<String> answer = harness.get(Harness.LOGS);
    assertEquals(200, answer.statusCode());
    assertEquals("first\nsecond\n", answer.body());
    assertEquals("text/plain; charset=utf-8", answer.headers().firstValue("Content-Type").orElse("").toLowerCase());
    assertTrue(harness.node.log.closed.await(120, TimeUnit.SECONDS));
  }

  /** What {@code kubectl logs -f --since=1h --tail=20 --previous --timestamps} comes to at the node. */
  @Test
  void kubectlsOptionsAreAQuery() throws Exception {
    harness.get(
        Harness.LOGS + "?follow=true&previous=true&sinceSeconds=3600&tailLines=20&timestamps=true&limitBytes=7"
            + "&stream=Stderr");
    assertEquals(
        new LogQuery(
            "default/web", "main", true, true, true, 20, Optional.of(Harness.NOW.minusSeconds(3600)), 7, "stderr"),
        harness.node.queries.poll());
  }

  @Test
  void withoutOptionsAllOfThePresentLogIsMeant() throws Exception {
    harness.get(Harness.LOGS + "?follow=false&previous=0&tail=all&sinceSeconds=&stream=All");
    assertEquals(LogQuery.of("default/web").container("main").build(), harness.node.queries.poll());
  }

  @Test
  void timesAndOlderWordsAreUnderstood() throws Exception {
    harness.get(Harness.LOGS + "?sinceTime=2026-01-31T12:00:00.5%2B02:00&tail=3&follow");
    assertEquals(
        LogQuery.of("default/web").container("main").since(Instant.parse("2026-01-31T10:00:00.5Z")).tail(3)
            .follow(true).build(),
        harness.node.queries.poll());
  }

  @Test
  void moreSecondsThanThereWereAreAll() throws Exception {
    harness.get(Harness.LOGS + "?sinceSeconds=" + Long.MAX_VALUE);
    assertEquals(Optional.of(Instant.EPOCH), harness.node.queries.poll().since());
  }

  @Test
  void whatIsWrongIsSaidByItsStatus() throws Exception {
    Map<String, Integer> wrong =
        Map.ofEntries(
            Map.entry("tailLines=x", 400), Map.entry("limitBytes=1.5", 400), Map.entry("sinceTime=yesterday", 400),
            Map.entry("sinceSeconds=99999999999999999999", 400), Map.entry("follow=%zz", 400),
            Map.entry("tailLines=-1", 422), Map.entry("limitBytes=0", 422), Map.entry("sinceSeconds=-5", 422),
            Map.entry("sinceSeconds=1&sinceTime=2026-01-31T12:00:00Z", 422), Map.entry("stream=stdin", 422));
    for (Map.Entry<String, Integer> each : wrong.entrySet()) {
      RawRequest.Answer answer = RawRequest.get(harness, Harness.LOGS + "?" + each.getKey());
      assertEquals(each.getValue(), answer.statusCode(), each.getKey() + ": " + answer.body());
    }
    assertEquals(0, harness.node.queries.size());
  }

  @Test
  void unknownPodsAndContainersAreNotFound() throws Exception {
    HttpResponse<String> pod = harness.get("/containerLogs/default/gone/main");
    assertEquals("404 pod \"gone\" does not exist\n", pod.statusCode() + " " + pod.body());
    assertEquals(404, harness.get("/containerLogs/other/web/main").statusCode());
    assertEquals(404, harness.get("/containerLogs/default/uid-web/main").statusCode());
    HttpResponse<String> container = harness.get("/containerLogs/default/web/side");
    assertEquals(
        "404 container \"side\" not found in pod \"web\"\n", container.statusCode() + " " + container.body());
  }

  @Test
  void whatTheNodeSaysIsTold() throws Exception {
    harness.node.refusal =
        Optional.of(ProviderFailure.of(ProviderFailure.UNAVAILABLE, "container \"main\" is waiting to start: x"));
    HttpResponse<String> waiting = harness.get(Harness.LOGS);
    assertEquals("400 container \"main\" is waiting to start: x\n", waiting.statusCode() + " " + waiting.body());
    harness.node.refusal = Optional.of(ProviderFailure.of(ProviderFailure.EXHAUSTED, "256 logs are being read"));
    assertEquals(429, harness.get(Harness.LOGS).statusCode());
  }

  @Test
  void withoutTheCoreCallersAreAskedToWait() throws Exception {
    harness.neighbours.node.unbind(harness.node);
    assertEquals(503, harness.get(Harness.LOGS).statusCode());
    harness.neighbours.pods.unbind(harness.neighbours.pods.get());
    assertEquals(503, harness.get("/pods").statusCode());
  }

  @Test
  void aLineIsThereWhenItIsWritten() throws Exception {
    harness.node.log = new FakeLog();
    try (HttpClient client = harness.client(harness.admin)) {
      HttpResponse<InputStream> answer =
          client.send(
              harness.request(Harness.LOGS + "?follow=true").build(), HttpResponse.BodyHandlers.ofInputStream());
      assertEquals(200, answer.statusCode(), "told before the first line");
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        for (String line : new String[] {"one", "two"}) {
          harness.node.log.write(line + "\n");
          assertEquals(line, lines.readLine());
        }
        harness.node.log.end();
        assertEquals(null, lines.readLine());
      }
    }
  }

  @Test
  void aLogThatBreaksOffIsNoWholeLog() throws Exception {
    harness.node.log = new FakeLog().write("half\n").fail(new IOException("the core of the node goes"));
    assertThrows(IOException.class, () -> harness.get(Harness.LOGS));
  }

  @Test
  void whoLeavesAQuietLogIsNoticed() throws Exception {
    harness.node.log = new FakeLog();
    try (RawRequest caller = RawRequest.open(harness, Harness.LOGS + "?follow=true")) {
      assertTrue(caller.line().startsWith("HTTP/1.1 200"), "it is being read");
    }
    assertTrue(harness.node.log.closed.await(120, TimeUnit.SECONDS), "the reader is closed");
  }

  @Test
  void aQuietLogMayBeQuietForLong() throws Exception {
    harness.close();
    harness = new Harness(Limiting.idle(Duration.ofSeconds(1)));
    harness.node.log = new FakeLog();
    try (RawRequest caller = RawRequest.open(harness, Harness.LOGS + "?follow=true")) {
      assertTrue(caller.line().startsWith("HTTP/1.1 200"));
      assertTrue(!harness.node.log.closed.await(3500, TimeUnit.MILLISECONDS), "several times the idle time");
      harness.node.log.write("still here\n").end();
      assertTrue(caller.rest().contains("still here"));
    }
  }

  @Test
  void theServersEndEndsReaders() throws Exception {
    harness.node.log = new FakeLog();
    try (RawRequest caller = RawRequest.open(harness, Harness.LOGS + "?follow=true")) {
      assertTrue(caller.line().startsWith("HTTP/1.1 200"));
      harness.running.close();
      assertTrue(harness.node.log.closed.await(120, TimeUnit.SECONDS));
    }
  }
}
