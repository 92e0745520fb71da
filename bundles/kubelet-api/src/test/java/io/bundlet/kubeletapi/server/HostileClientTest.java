package io.bundlet.kubeletapi.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.metrics.MetricsExporter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that want to hold the node up hold up themselves alone. */
class HostileClientTest {
  private Harness harness;

  private void start(Limits limits) throws Exception {
    harness = new Harness(limits);
  }

  @AfterEach
  void end() {
    harness.close();
  }

  /** Reads to the end, whatever it is. */
  private static boolean ends(Socket socket) throws IOException {
    socket.setSoTimeout(120_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException still) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void whoSendsAByteNowAndThenLosesHisConnection() throws Exception {
    // time enough for the TLS of a client that is slow
    start(Limiting.request(Duration.ofSeconds(3)));
    try (RawRequest slow = RawRequest.connect(harness)) {
      slow.send("GET /healthz HTTP/1.1\r\nHost: node\r\nX: ");
      CountDownLatch cut = new CountDownLatch(1);
      Thread trickle = Thread.ofVirtual().start(() -> {
        try {
          while (!cut.await(50, TimeUnit.MILLISECONDS)) {
            slow.send("x");
          }
        } catch (IOException | InterruptedException closed) {
          cut.countDown();
        }
      });
      assertTrue(ends(slow.socket), "the connection is cut though bytes come");
      cut.countDown();
      trickle.join();
    }
  }

  @Test
  void whoNeverSaysHelloLosesHisConnection() throws Exception {
    start(Limiting.request(Duration.ofMillis(300)));
    try (Socket silent = new Socket("127.0.0.1", harness.running.port())) {
      assertTrue(ends(silent));
    }
  }

  @Test
  void whoSaysNothingMoreAfterAnAnswerLosesHisConnection() throws Exception {
    start(Limiting.between(Duration.ofMillis(300)));
    try (RawRequest idle = RawRequest.open(harness, "/healthz")) {
      assertTrue(idle.line().startsWith("HTTP/1.1 200"));
      assertTrue(idle.rest().contains("ok"), "its end is reached");
    }
  }

  @Test
  void oneAddressCannotTakeAllConnections() throws Exception {
    start(Limiting.connectionsOfOne(5));
    List<Socket> many = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        many.add(new Socket("127.0.0.1", harness.running.port()));
      }
      while (harness.running.connections() < 5) {
        Thread.onSpinWait();
      }
      try (Socket tooMany = new Socket("127.0.0.1", harness.running.port())) {
        assertTrue(ends(tooMany), "one more is closed at once");
      }
      assertEquals(5, harness.running.connections());
      many.removeFirst().close();
      while (harness.running.connections() > 4) {
        Thread.onSpinWait();
      }
      assertEquals(200, harness.get("/healthz").statusCode(), "and there is room again");
    } finally {
      for (Socket each : many) {
        each.close();
      }
    }
  }

  /** CVE-2020-8551: metrics asked for by many at a time used up the node's memory. */
  @Test
  void onlyAFewAnswersThatCostMuchAreMadeAtATime() throws Exception {
    start(Limiting.heavy(1, Duration.ofMillis(100)));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    harness.neighbours.metrics.bind(new MetricsExporter() {
      @Override
      public String contentType() {
        return "text/plain";
      }

      @Override
      public void write(String group, OutputStream out) throws IOException {
        begun.countDown();
        try {
          goOn.await();
        } catch (InterruptedException end) {
          throw new IOException(end);
        }
      }
    });
    try (RawRequest first = RawRequest.open(harness, "/metrics")) {
      assertTrue(begun.await(120, TimeUnit.SECONDS));
      assertEquals(429, harness.get("/pods").statusCode());
      assertEquals(200, harness.get("/healthz").statusCode());
      goOn.countDown();
      assertTrue(first.line().startsWith("HTTP/1.1 200"));
    }
  }

  /** One who reads nothing has his connection cut, and nobody waits for him. */
  @Test
  void whoTakesNothingIsCutOff() throws Exception {
    start(Limiting.idle(Duration.ofSeconds(2)));
    harness.node.log = new FakeLog();
    String line = "x".repeat(8000) + "\n";
    try (RawRequest slow = RawRequest.open(harness, Harness.LOGS + "?follow=true")) {
      assertTrue(slow.line().startsWith("HTTP/1.1 200"));
      FakeLog log = harness.node.log;
      for (int i = 0; i < 2000; i++) {
        log.write(line);
      }
      assertEquals(200, harness.get("/healthz").statusCode());
      assertTrue(log.closed.await(120, TimeUnit.SECONDS), "its reader is closed");
    }
  }

  @Test
  void headersAreBounded() throws Exception {
    start(Limits.NODE);
    try (RawRequest large = RawRequest.connect(harness)) {
      large.send("GET /healthz HTTP/1.1\r\nHost: node\r\nX: " + "x".repeat(Limits.NODE.headerBytes()) + "\r\n\r\n");
      assertTrue(large.line().startsWith("HTTP/1.1 431"));
    }
  }

  @Test
  void pathsThatCouldMeanTwoThingsMeanNothing() throws Exception {
    start(Limits.NODE);
    harness.reviews.mayAll.clear();
    harness.reviews.mayAll.add("admin get metrics");
    for (String path : List.of(
        "/metrics/../exec/default/web/main", "/metrics/%2e%2e/exec/default/web/main", "/metrics//../pods",
        "/metrics/..;/exec/default/web/main", "//metrics", "/metrics%2f..%2fpods", "/metrics/./resource",
        "/metrics;x=y", "/m%65trics", "/containerLogs/default/web/..", "\\metrics", "/metrics\\..\\pods")) {
      RawRequest.Answer answer = RawRequest.get(harness, path);
      assertEquals(400, answer.statusCode(), path + ": " + answer.body());
      assertFalse(answer.body().contains("Exception"), answer.body());
      assertFalse(answer.body().contains("etty"), "which server it is is nobody's matter: " + answer.body());
    }
    assertEquals(200, harness.get("/metrics/").statusCode());
  }

  @Test
  void nothingButTlsIsSpoken() throws Exception {
    start(Limits.NODE);
    try (Socket plain = new Socket("127.0.0.1", harness.running.port())) {
      plain.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: node\r\n\r\n".getBytes());
      assertTrue(ends(plain) || plain.getInputStream().read() != 'H');
    }
  }
}
