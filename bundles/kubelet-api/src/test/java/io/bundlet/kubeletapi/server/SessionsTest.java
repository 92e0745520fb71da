package io.bundlet.kubeletapi.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Connections that are handed on to a runtime. */
@Timeout(120)
class SessionsTest {
  private static final String EXEC = "/exec/default/web/main?command=sh&command=-c&input=1&output=1";
  private static final String SPDY = "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
      + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\nX-Stream-Protocol-Version: channel.k8s.io\r\n";

  private final FakeStreams streams = new FakeStreams();
  private Harness harness;
  private FakeStreamServer runtime;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness();
    harness.neighbours.streams.bind(streams);
    runtime = new FakeStreamServer();
    streams.url = runtime.url();
  }

  @AfterEach
  void end() throws Exception {
    harness.close();
    runtime.close();
  }

  private Socket connect(String method, String path, String headers) throws Exception {
    Socket socket =
        harness.tls(Optional.of(harness.admin)).getSocketFactory().createSocket("127.0.0.1", harness.running.port());
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(
        (method + " " + path + " HTTP/1.1\r\nHost: node\r\n" + headers + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static String text(InputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void bytesGoBothWaysUntilTheRuntimeEnds() throws Exception {
    try (Socket caller = connect("POST", EXEC, SPDY + "Authorization: Bearer secret\r\nCookie: a=b\r\n")) {
      InputStream in = caller.getInputStream();
      String head = head(in);
      assertTrue(head.startsWith("HTTP/1.1 101 "), head);
      String lower = head.toLowerCase(Locale.ROOT);
      assertTrue(lower.contains("\r\nconnection: upgrade\r\n"), head);
      assertTrue(lower.contains("\r\nupgrade: spdy/3.1\r\n"), head);
      assertTrue(lower.contains("\r\nx-stream-protocol-version: v4.channel.k8s.io\r\n"), head);
      assertFalse(lower.contains("x-secret"), head);
      assertEquals("early", text(in, 5));
      byte[] much = new byte[1 << 20];
      new Random(7).nextBytes(much);
      Thread writing = Thread.ofVirtual().start(() -> {
        try {
          caller.getOutputStream().write(much);
        } catch (IOException failed) {
          throw new IllegalStateException(failed);
        }
      });
      assertArrayEquals(much, in.readNBytes(much.length));
      writing.join();
      caller.getOutputStream().write("bye".getBytes(StandardCharsets.ISO_8859_1));
      assertEquals("bye", text(in, 3));
      assertEquals(-1, in.read(), "the runtime has ended it");
    }
    assertEquals(List.of("exec default/web main [sh, -c] io"), streams.asked);
    String asked = runtime.heads.poll(60, TimeUnit.SECONDS);
    assertTrue(asked.startsWith("POST /exec/token-1 HTTP/1.1\r\n"), asked);
    assertTrue(asked.contains("\r\nUpgrade: SPDY/3.1\r\n"), asked);
    assertTrue(asked.contains("\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n"), asked);
    assertTrue(asked.contains("\r\nX-Stream-Protocol-Version: channel.k8s.io\r\n"), asked);
    assertFalse(asked.contains("secret") || asked.contains("Cookie"), asked);
  }

  @Test
  void aCallerWhoLeavesEndsTheRuntimesSide() throws Exception {
    try (Socket caller = connect("GET", "/attach/default/web/main?output=1", SPDY)) {
      head(caller.getInputStream());
      caller.getOutputStream().write("abc".getBytes(StandardCharsets.ISO_8859_1));
      assertEquals("earlyabc", text(caller.getInputStream(), 8));
    }
    assertEquals(3, runtime.ended.poll(60, TimeUnit.SECONDS));
    assertEquals(List.of("attach default/web main o"), streams.asked);
  }

  /** What is sent before the answer is not lost, and a quiet session is not taken for a caller who asks for nothing. */
  @Test
  void whatIsSentAtOnceArrives() throws Exception {
    try (Socket caller = connect("POST", "/portForward/default/web/uid-web?port=80,81&port=82", SPDY)) {
      caller.getOutputStream().write("at once".getBytes(StandardCharsets.ISO_8859_1));
      head(caller.getInputStream());
      assertEquals("earlyat once", text(caller.getInputStream(), 12));
    }
    assertEquals(List.of("forward default/web [80, 81, 82]"), streams.asked);
  }

  private HttpResponse<String> post(String path) throws Exception {
    try (HttpClient client = harness.client(harness.admin)) {
      return client.send(
          harness.request(path).POST(HttpRequest.BodyPublishers.noBody()).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private String refused(String path) throws Exception {
    try (Socket caller = connect("POST", path, SPDY + "Content-Length: 0\r\n")) {
      String head = head(caller.getInputStream());
      int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
      int bytes = Integer.parseInt(head.substring(length + 16, head.indexOf('\r', length)));
      JsonNode status = new JsonMapper().readTree(text(caller.getInputStream(), bytes));
      assertEquals("Status", status.path("kind").asString());
      assertEquals(head.substring(9, 12), status.path("code").asString());
      return status.path("code").asInt() + " " + status.path("message").asString();
    }
  }

  @Test
  void whatCannotBeIsRefusedBeforeTheConnectionIsHandedOn() throws Exception {
    assertEquals(400, post(EXEC).statusCode(), "no upgrade");
    assertTrue(refused("/exec/default/web/main?command=sh").startsWith("400 you must specify at least 1 of"));
    assertEquals("404 pod \"default/none\" does not exist", refused("/exec/default/none/main?command=sh&output=1"));
    assertTrue(refused("/exec/default/web/other-uid/main?command=sh&output=1").startsWith("404 "));
    assertTrue(refused("/portForward/default/web?port=0").startsWith("400 \"0\" is no port"));
    assertEquals(List.of(), streams.asked);
    streams.failure = Optional.of(ProviderFailure.of(ProviderFailure.UNSUPPORTED, "the provider cannot"));
    assertEquals("501 the provider cannot", refused(EXEC));
    streams.failure = Optional.of(ProviderFailure.of(ProviderFailure.UNAVAILABLE, "it does not run"));
    assertEquals("503 it does not run", refused(EXEC));
    streams.failure = Optional.empty();
    for (String elsewhere : List.of("http://192.0.2.1:80/x", "http://example.com:80/x", "http://localhost:80/x",
        "https://127.0.0.1:80/x", "http://127.0.0.1/x")) {
      streams.url = URI.create(elsewhere);
      assertTrue(refused(EXEC).startsWith("500 a session"), elsewhere);
    }
  }

  @Test
  void aRuntimeThatRefusesOrSendsElsewhereIsNoSession() throws Exception {
    runtime.answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nno token\n";
    assertEquals("404 the container runtime refuses the session with status 404: no token", refused(EXEC));
    runtime.answer = "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n";
    assertTrue(refused(EXEC).startsWith("502 "));
    runtime.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    assertTrue(refused(EXEC).startsWith("502 "));
    runtime.answer = "garbage\r\n\r\n";
    assertTrue(refused(EXEC).startsWith("502 "));
    runtime.answer = "HTTP/1.1 101 x\r\n" + "X: y\r\n".repeat(4000);
    assertTrue(refused(EXEC).startsWith("502 "));
  }

  /** Places are given back, however a session ends. */
  @Test
  void moreSessionsThanThereAreAreTurnedAway() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 128; i++) {
        Socket caller = connect("POST", EXEC, SPDY);
        open.add(caller);
        assertTrue(head(caller.getInputStream()).startsWith("HTTP/1.1 101 "));
      }
      assertTrue(refused(EXEC).startsWith("429 "));
    } finally {
      for (Socket caller : open) {
        caller.close();
      }
    }
    for (int i = 0; i < 128; i++) {
      runtime.ended.poll(60, TimeUnit.SECONDS);
    }
    runtime.answer = "garbage\r\n\r\n";
    for (int i = 0; i < 130; i++) {
      assertTrue(refused(EXEC).startsWith("502 "), "" + i);
    }
  }

  @Test
  void theServersEndEndsSessions() throws Exception {
    Socket caller = connect("POST", EXEC, SPDY);
    head(caller.getInputStream());
    harness.close();
    assertEquals(0, runtime.ended.poll(60, TimeUnit.SECONDS));
    caller.close();
  }

  @Test
  void aCommandWithoutStreamsIsAnsweredWithItsOutput() throws Exception {
    HttpResponse<String> answer = post("/run/default/web/main?cmd=ls%20-l");
    assertEquals("200 out err", answer.statusCode() + " " + answer.body());
    assertEquals(List.of("run default/web main [ls, -l]"), streams.asked);
    answer = post("/run/default/web/main?cmd=false");
    assertEquals(500, answer.statusCode());
    assertTrue(answer.body().startsWith("the command ended with exit code 1: out err"), answer.body());
  }
}
