package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.containerd.Containerd;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kubectl exec}, {@code attach} and {@code port-forward}: through the API server, over SPDY, to the node, which
 * hands the connection on to containerd.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SessionsTest {
  private static JoinedCluster cluster;
  private final Random random = new Random();

  @BeforeAll
  static void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    assumeTrue(Containerd.available(), "needs containerd");
    cluster = new JoinedCluster();
    cluster.joined("--server-tls-bootstrap", "--client-ca-file", cluster.authority().toString());
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: box}
        spec:
          nodeName: test-node
          runtimeClassName: runc
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: $BOX
            stdin: true
            command: [/bin/sh, -c, "nc -ll -p 7070 -e /bin/cat & while read l; do echo heard $l; done; sleep 1000"]
        """);
    cluster.eventually("it is ready", () -> cluster.pod("box").condition("Ready").equals("True"));
    cluster.eventually("the node's certificate is there", () -> cluster.kubectl().run("logs", "box").exitCode() == 0);
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private record Ended(int code, byte[] out, String err) {}

  private static Ended run(byte[] input, String... words) throws Exception {
    Process kubectl = new ProcessBuilder(cluster.kubectl().command(words)).start();
    try {
      Thread writing = Thread.ofVirtual().start(() -> {
        try (OutputStream in = kubectl.getOutputStream()) {
          in.write(input);
        } catch (java.io.IOException early) {
          throw new IllegalStateException(early);
        }
      });
      List<String> errors = new ArrayList<>();
      Thread reading = Thread.ofVirtual().start(() -> kubectl.errorReader().lines().forEach(errors::add));
      byte[] out = kubectl.getInputStream().readAllBytes();
      writing.join();
      reading.join();
      return new Ended(kubectl.waitFor(), out, String.join("\n", errors));
    } finally {
      kubectl.destroyForcibly();
    }
  }

  @Test
  void aCommandGetsAllOfItsInputAndItsEnd() throws Exception {
    byte[] input = new byte[300_000];
    random.nextBytes(input);
    Ended copied = run(input, "exec", "-i", "box", "--", "cat");
    assertArrayEquals(input, copied.out(), copied.err());
    assertEquals(0, copied.code());
    int code = random.nextInt(2, 120);
    Ended failed = run(new byte[0], "exec", "box", "--", "sh", "-c", "echo to the error >&2; exit " + code);
    assertEquals(code, failed.code());
    assertTrue(failed.err().contains("to the error"), failed.err());
  }

  @Test
  void whoAttachesSpeaksWithTheContainer() throws Exception {
    String word = "w" + random.nextInt(1_000_000);
    Process kubectl = new ProcessBuilder(cluster.kubectl().command("attach", "-i", "box")).start();
    try (BufferedReader lines = kubectl.inputReader(StandardCharsets.UTF_8)) {
      kubectl.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
      kubectl.getOutputStream().flush();
      assertEquals("heard " + word, lines.readLine());
    } finally {
      kubectl.destroyForcibly();
    }
  }

  @Test
  void bytesGoThroughAForwardedPortAsTheyAre() throws Exception {
    byte[] sent = new byte[300_000];
    random.nextBytes(sent);
    Process kubectl = new ProcessBuilder(cluster.kubectl().command("port-forward", "box", ":7070"))
        .redirectErrorStream(true).start();
    try (BufferedReader lines = kubectl.inputReader(StandardCharsets.UTF_8)) {
      String first = lines.readLine();
      assertTrue(first.matches("Forwarding from 127\\.0\\.0\\.1:\\d+ -> 7070"), first);
      int port = Integer.parseInt(first.split("[: ]")[3]);
      try (Socket socket = new Socket("127.0.0.1", port)) {
        Thread writing = Thread.ofVirtual().start(() -> {
          try {
            socket.getOutputStream().write(sent);
          } catch (java.io.IOException early) {
            throw new IllegalStateException(early);
          }
        });
        InputStream in = socket.getInputStream();
        assertArrayEquals(sent, in.readNBytes(sent.length));
        writing.join();
      }
    } finally {
      kubectl.destroyForcibly();
    }
  }
}
