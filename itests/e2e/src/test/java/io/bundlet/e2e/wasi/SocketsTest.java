package io.bundlet.e2e.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.LineClient;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WASI pods that listen at ports of the node, asked from outside. */
@Timeout(300)
class SocketsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SOCKETS = "bundlet.io/sockets";

  private final String nonce = UUID.randomUUID().toString();
  private OwnNode own;
  private NodeProcess node;

  @BeforeEach
  void begin() throws IOException {
    own = OwnNode.withoutContainers().start();
    node = own.process();
  }

  @AfterEach
  void end() throws IOException {
    if (own != null) {
      own.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Manifests listener(String name) {
    return Manifests.wasi(name, Distribution.guest("listener")).annotation(SOCKETS, "listen").grace(1);
  }

  private List<String> said(String pod) throws IOException {
    return PodLog.lines(node.data(), pod, "main").stream().map(PodLog.Line::text).toList();
  }

  @Test
  void aGuestAnswersAtItsPortsAndSeesItsDirectories() throws Exception {
    int web = freePort();
    int admin = freePort();
    Path data = Files.createDirectories(own.home().resolve("data"));
    Files.writeString(data.resolve("greeting"), nonce);
    node.manifest("pod.yaml", listener("pod").port("web", web).port("admin", admin).mountReadOnly("/data", data)
        .readyAt(web).yaml());
    own.shell().await("pod", "pod", LIMIT, pod -> pod.container("READY").equals("yes"));
    assertEquals(
        List.of("listens at 2 sockets: web:admin", "and sees: " + nonce), said("pod"));
    for (int i = 0; i < 20; i++) {
      assertEquals("web: " + nonce + i, LineClient.askOnce(web, nonce + i));
      assertEquals("admin: " + i + nonce, LineClient.askOnce(admin, i + nonce));
    }
    String much = nonce + "x".repeat(ThreadLocalRandom.current().nextInt(50_000, 60_000));
    assertEquals("web: " + much, LineClient.askOnce(web, much));
    try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), web)) {
      client.getOutputStream().write((nonce + "\nbye\n").getBytes(StandardCharsets.UTF_8));
      assertEquals(
          "web: " + nonce + "\n", new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
    node.withdraw("pod.yaml");
    Eventually.until("nobody listens", LIMIT, () -> {
      try (Socket none = new Socket(InetAddress.ofLiteral("127.0.0.1"), web)) {
        return none.isClosed();
      } catch (ConnectException refused) {
        return true;
      }
    });
  }

  @Test
  void whoWaitsForAConnectionOrForBytesIsKilledAtTheEndOfItsGrace() throws Exception {
    int accepting = freePort();
    int reading = freePort();
    node.manifest("accept.yaml", listener("accept").port("a", accepting).args("accept").yaml());
    node.manifest("read.yaml", listener("read").port("r", reading).args("read").yaml());
    Eventually.until("both listen", LIMIT, () -> said("accept").size() == 1 && said("read").size() == 1);
    try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), reading)) {
      Eventually.until("it waits for bytes", LIMIT, () -> said("read").contains("accepted"));
      node.withdraw("accept.yaml");
      node.withdraw("read.yaml");
      assertEquals(-1, client.getInputStream().read(), "the connection ends with the guest");
    }
    Eventually.until("the ports are free", LIMIT, () -> {
      try (ServerSocket a = new ServerSocket(accepting); ServerSocket r = new ServerSocket(reading)) {
        return a.isBound() && r.isBound();
      }
    });
    assertTrue(node.output().lines().noneMatch(line -> line.contains("given up")), node.output());
  }

  @Test
  void whatCannotBeIsSaidOnThePod() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      node.manifest(
          "taken.yaml", listener("taken").port("web", taken.getLocalPort()).restart("Never").yaml());
      PodInfo failed = own.shell().await("taken", "taken", LIMIT, pod -> pod.phase().equals("Failed"));
      assertEquals("134", failed.container("EXIT"), failed.text());
      assertTrue(
          failed.container("MESSAGE").contains("port " + taken.getLocalPort() + ": address already in use"),
          failed.text());
    }
    int port = freePort();
    node.manifest("first.yaml", listener("first").port("web", port).yaml());
    own.shell().await("first", "first", LIMIT, pod -> pod.container("STATE").equals("Running"));
    node.manifest("second.yaml", listener("second").port("web", port).yaml());
    PodInfo second = own.shell().await("second", "second", LIMIT, pod -> pod.phase().equals("Failed"));
    assertTrue(second.text().contains("NodePorts"), second.text());
    node.manifest("native.yaml", listener("native").port("web", freePort()).engine("wasmtime").yaml());
    PodInfo refused = own.shell().await(
        "native", "native", LIMIT, pod -> pod.text().contains("needs sockets, which the engine wasmtime lacks"));
    assertTrue(refused.text().contains("ask for endive"), refused.text());
    node.manifest("none.yaml", listener("none").yaml());
    own.shell().await("none", "none", LIMIT, pod -> pod.text().contains("there is no port"));
  }
}
