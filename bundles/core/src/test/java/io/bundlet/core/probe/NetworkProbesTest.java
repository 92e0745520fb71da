package io.bundlet.core.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.reach.RawServer;
import io.bundlet.core.reach.SelfSigned;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes by HTTP and TCP against servers that are really there. */
class NetworkProbesTest {
  private final Bench bench = new Bench();

  @AfterEach
  void end() {
    bench.close();
  }

  private static ProbeBuilder http(RawServer server) {
    return new ProbeBuilder().withFailureThreshold(1)
        .withNewHttpGet().withPort(new IntOrString(server.port())).withPath("/").endHttpGet();
  }

  @ParameterizedTest
  @CsvSource({"200, Success", "204, Success", "299, Success", "304, Warning", "399, Warning", "400, Failure",
      "404, Failure",
      "500, Failure", "101, Failure"})
  void statusesFrom200To399AreSuccess(int status, String result) throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 " + status + " X\r\n\r\n")) {
      bench.liveness(http(server).build()).start();
      bench.after(0, 1);
      assertEquals(List.of("Liveness " + result), bench.recorder.attempts);
      assertEquals(result.equals("Failure") ? 1 : 0, bench.recorder.told.size());
      if (result.equals("Failure")) {
        assertEquals(
            "Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: " + status,
            bench.recorder.events.getFirst());
      }
    }
  }

  @Test
  void aRedirectionToAnotherHostCountsAsSuccessWithAWarning() throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 302 Found\r\nLocation: http://10.9.9.9/\r\n\r\nelsewhere")) {
      bench.readiness(http(server).build()).start();
      bench.after(0, 1);
      assertEquals(List.of("ready true"), bench.recorder.told);
      assertEquals(
          List.of("Warning ProbeWarning Readiness probe warning: Probe terminated redirects, Response body: elsewhere"),
          bench.recorder.events);
    }
  }

  @Test
  void eachAttemptHasAConnectionOfItsOwn() throws IOException {
    try (RawServer server =
        RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok")) {
      bench.readiness(http(server).withPeriodSeconds(1).build()).start();
      bench.after(0, 1).after(1, 2).after(1, 3);
      assertEquals(3, server.accepted());
      Recorder.until(() -> server.open() == 0, "all connections closed");
    }
  }

  @Test
  void tlsIsNotVerified() throws Exception {
    try (RawServer server =
        new RawServer(SelfSigned.server(), (request, out) -> out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes()))) {
      bench.readiness(http(server).editHttpGet().withScheme("HTTPS").endHttpGet().build()).start();
      bench.after(0, 1);
      assertEquals(List.of("ready true"), bench.recorder.told);
    }
  }

  @Test
  void theTimeCountsUntilTheBodyHasEnded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    RawServer.Answer slow = (request, out) -> {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".getBytes());
      out.flush();
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException ended) {
        throw new IOException(ended);
      }
    };
    try (RawServer server = new RawServer(slow)) {
      bench.liveness(http(server).withTimeoutSeconds(2).build()).start();
      begun.await();
      bench.after(Duration.ofMillis(1900), 0).after(Duration.ofMillis(100), 1);
      assertEquals(List.of("Container web failed liveness probe"), bench.recorder.told);
      assertEquals(
          List.of("Warning Unhealthy Liveness probe failed: probe timed out: no answer within 2s"),
          bench.recorder.events);
    }
  }

  @Test
  void whatIsNoHttpIsAFailure() throws IOException {
    try (RawServer server = RawServer.saying("220 mail.example ESMTP\r\n")) {
      bench.liveness(http(server).build()).start();
      bench.after(0, 1);
      String event = bench.recorder.events.getFirst();
      assertTrue(event.contains("malformed HTTP response \"220 mail"), event);
      assertEquals(List.of("Container web failed liveness probe"), bench.recorder.told);
    }
  }

  @Test
  void aPortThatTheContainerDoesNotNameSaysNothing() {
    bench.liveness(
        new ProbeBuilder().withFailureThreshold(1).withNewTcpSocket().withPort(new IntOrString("web")).endTcpSocket()
        .build());
    bench.start();
    bench.after(0, 1);
    assertEquals(List.of("Liveness Unknown"), bench.recorder.attempts);
    assertEquals(List.of(), bench.recorder.told);
    assertTrue(bench.recorder.events.getFirst().contains("no port with the name web"),
        bench.recorder.events.toString());
  }

  @Test
  void aTcpConnectionThatIsTakenIsSuccess() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      bench.container.addNewPort().withName("db").withContainerPort(server.getLocalPort()).endPort();
      bench.readiness(new ProbeBuilder().withPeriodSeconds(1).withFailureThreshold(1)
          .withNewTcpSocket().withPort(new IntOrString("db")).endTcpSocket().build());
      bench.start();
      bench.after(0, 1);
      assertEquals(List.of("ready true"), bench.recorder.told);
    }
    bench.after(1, 2);
    assertEquals(List.of("ready true", "ready false"), bench.recorder.told);
    assertTrue(bench.recorder.events.getFirst().contains("Readiness probe failed: dial tcp 127.0.0.1 port "),
        bench.recorder.events.toString());
  }
}
