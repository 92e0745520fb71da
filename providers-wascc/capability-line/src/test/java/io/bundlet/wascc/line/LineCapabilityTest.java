package io.bundlet.wascc.line;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.ActorBinding;
import io.bundlet.api.wasm.Invocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The capability over real sockets of this machine. */
@Timeout(120)
class LineCapabilityTest {
  private final FakeHost host = new FakeHost();
  private final LineCapability line = new LineCapability(Duration.ofMillis(20));
  private final List<Client> clients = new ArrayList<>();
  private int port;

  @BeforeEach
  void startCapability() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    line.start();
    line.bindHost(host);
  }

  @AfterEach
  void stopCapability() throws Exception {
    for (Client client : clients) {
      client.close();
    }
    line.stop();
  }

  /** Connects as soon as somebody listens. */
  private Client connect() throws Exception {
    while (true) {
      try {
        Client client = new Client(port);
        clients.add(client);
        return client;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
  }

  private void awaitClosedPort() throws Exception {
    while (true) {
      try (ServerSocket free = new ServerSocket()) {
        free.setReuseAddress(true);
        free.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void handsLinesToTheActorAndBack() throws Exception {
    host.bind(FakeHost.binding("a", port));
    Client client = connect();

    assertEquals("a HandleLine über", client.ask("über"));
    assertEquals("a HandleLine ", client.ask(""));
    assertEquals("a HandleLine carriage", client.ask("carriage\r"));
    assertEquals("ERROR it failed badly", client.ask("fail"), "an error stays one line");
    assertEquals("one two ", client.ask("lines"), "an answer stays one line");
  }

  @Test
  void longAndUnreadableLinesAreRefused() throws Exception {
    host.bind(FakeHost.binding("a", port));
    String longest = "x".repeat(Lines.MOST);
    assertTrue(connect().ask(longest).startsWith("ERROR the answer has more than"));
    assertEquals("ERROR a line has at most 65536 bytes", connect().ask(longest + "x"));
    Client binary = connect();
    binary.send(new byte[] {(byte) 0xff, '\n'});
    assertEquals("ERROR a line is text in UTF-8", binary.read());
    assertNull(binary.read(), "and let go");
  }

  @Test
  void aRestartedActorKeepsItsClients() throws Exception {
    host.bind(FakeHost.binding("a", port));
    Client client = connect();
    assertEquals("a HandleLine x", client.ask("x"));

    host.bind(FakeHost.binding("b", port));

    while (!client.ask("x").equals("b HandleLine x")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aBindingThatGoesGivesItsPortBack() throws Exception {
    host.bind(FakeHost.binding("a", port));
    Client client = connect();

    host.bind();

    awaitClosedPort();
    assertNull(client.read());
  }

  @Test
  void aPortInUseIsTakenWhenItIsFree() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      host.bind(FakeHost.binding("a", port));
      assertEquals(port, other.getLocalPort());
    }
    assertEquals("a HandleLine x", connect().ask("x"));
  }

  @Test
  void theFirstOfTwoActorsKeepsThePort() throws Exception {
    host.bind(FakeHost.binding("a", port));
    Client client = connect();

    host.bind(FakeHost.binding("b", port), FakeHost.binding("a", port));
    assertEquals("a HandleLine x", client.ask("x"));
    host.bind(FakeHost.binding("b", port));

    while (!client.ask("x").equals("b HandleLine x")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aBindingWithoutAPortDisturbsNobody() throws Exception {
    ActorBinding odd = new ActorBinding(new ContainerId("odd"), FakeHost.binding("odd", 1).pod(), java.util.Map.of());
    host.bind(odd, FakeHost.binding("a", port));
    assertEquals("a HandleLine x", connect().ask("x"));
  }

  @Test
  void anotherHostIsFollowedAndTheOldOneForgotten() throws Exception {
    host.bind(FakeHost.binding("a", port));
    connect();
    line.unbindHost(host);
    awaitClosedPort();
    assertTrue(host.watchers.isEmpty());

    FakeHost next = new FakeHost();
    next.bind(FakeHost.binding("b", port));
    line.bindHost(next);

    assertEquals("b HandleLine x", connect().ask("x"));
  }

  @Test
  void tooManyConnectionsAreRefused() throws Exception {
    host.bind(FakeHost.binding("a", port));
    for (int i = 0; i < 256; i++) {
      assertEquals("a HandleLine x", connect().ask("x"));
    }
    Client oneMore = connect();
    assertEquals("ERROR too many connections", oneMore.read());

    clients.get(0).close();
    while (!connect().ask("x").equals("a HandleLine x")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void stoppingClosesEverything() throws Exception {
    host.bind(FakeHost.binding("a", port));
    Client client = connect();
    client.ask("x");

    line.stop();

    awaitClosedPort();
    assertNull(client.read());
    assertTrue(host.watchers.isEmpty());
  }

  @Test
  void actorsCanEchoAndRaise() throws Exception {
    assertArrayEquals(new byte[] {1, 2}, line.call(invocation("Echo", new byte[] {1, 2})));
    byte[] raised = line.call(invocation("Upper", "straße".getBytes(StandardCharsets.UTF_8)));
    assertEquals("STRASSE", new String(raised, StandardCharsets.UTF_8));
    ProviderFailure unknown = assertThrows(ProviderFailure.class, () -> line.call(invocation("Sing", new byte[0])));
    assertEquals(ProviderFailure.UNSUPPORTED, unknown.kind());
  }

  private static Invocation invocation(String operation, byte[] payload) {
    return new Invocation(new ContainerId("a"), "default", LineCapability.ID, operation, payload);
  }

  /** Somebody who sends lines. */
  private static final class Client {
    private final Socket socket;
    private final BufferedReader in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String ask(String line) throws IOException {
      try {
        send((line + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        return "gone"; // it was refused before it could ask
      }
      String answer = read();
      return answer == null ? "gone" : answer;
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    String read() throws IOException {
      try {
        return in.readLine();
      } catch (java.net.SocketException e) {
        return null; // reset by the other side
      }
    }

    void close() throws IOException {
      socket.close();
    }
  }
}
