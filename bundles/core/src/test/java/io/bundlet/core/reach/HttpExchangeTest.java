package io.bundlet.core.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExchangeTest {
  private static ContainerTarget target(Map<String, Integer> ports) {
    return new ContainerTarget("default/web", "web", "127.0.0.1", ports, exec -> {
      throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, "not here");
    });
  }

  private static HTTPGetActionBuilder to(RawServer server) {
    return new HTTPGetActionBuilder().withPort(new IntOrString(server.port())).withPath("/healthz");
  }

  private static HttpAnswer get(HTTPGetAction action) throws IOException, Unreachable {
    return HttpExchange.run(HttpGet.of(action, target(Map.of()), "kube-probe/1.36"));
  }

  private static HttpAnswer answerTo(String answer) throws IOException, Unreachable {
    try (RawServer server = RawServer.saying(answer)) {
      return get(to(server).build());
    }
  }

  @Test
  void asksOnceAndSaysSo() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
      HttpAnswer answer = get(to(server).withPath("healthz?deep=1#there").build());
      assertEquals(200, answer.status());
      assertEquals("ok", answer.text());
      assertEquals(
          "GET /healthz?deep=1 HTTP/1.1\nHost: 127.0.0.1:" + server.port()
              + "\nAccept: */*\nUser-Agent: kube-probe/1.36\nConnection: close\n",
          server.requests().getFirst());
    }
  }

  @Test
  void headersOfTheManifestGoFirst() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.0 204 No Content\n\n")) {
      get(to(server)
          .addNewHttpHeader("host", "shop.example")
          .addNewHttpHeader("X-Key", "a b")
          .addNewHttpHeader("accept", "")
          .addNewHttpHeader("user-agent", "me")
          .addNewHttpHeader("Connection", "keep-alive")
          .addNewHttpHeader("Content-Length", "5")
          .build());
      String request = server.requests().getFirst();
      assertTrue(request.contains("\nHost: shop.example\n"), request);
      assertTrue(request.contains("\nX-Key: a b\n"), request);
      assertTrue(request.toLowerCase().contains("\nuser-agent: me\n"), request);
      assertFalse(request.toLowerCase().contains("accept"), request);
      assertFalse(request.contains("keep-alive") || request.contains("Content-Length"), request);
    }
  }

  @Test
  void nothingOfTheManifestBecomesASecondRequest() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
      get(to(server).withPath("/a b\r\nX: y\r\n\r\nGET /ü%zz%41[").build());
      assertTrue(
          server.requests().getFirst().startsWith(
              "GET /a%20b%0D%0AX:%20y%0D%0A%0D%0AGET%20/%C3%BC%25zz%41%5B HTTP/1.1\n"),
          server.requests().getFirst());
      assertThrows(Unreachable.class, () -> get(to(server).addNewHttpHeader("X", "a\r\nY: b").build()));
      assertThrows(Unreachable.class, () -> get(to(server).addNewHttpHeader("X: y", "b").build()));
    }
  }

  @Test
  void portsByNameAndNumber() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
      HTTPGetAction named = new HTTPGetActionBuilder().withPort(new IntOrString("web")).build();
      assertEquals(server.port(), HttpGet.of(named, target(Map.of("web", server.port())), "x").port());
      Unreachable missing = assertThrows(Unreachable.class, () -> HttpGet.of(named, target(Map.of("www", 80)), "x"));
      assertTrue(missing.getMessage().contains("no port with the name web"), missing.getMessage());
      HTTPGetAction far = new HTTPGetActionBuilder().withPort(new IntOrString(65_536)).build();
      assertThrows(Unreachable.class, () -> HttpGet.of(far, target(Map.of()), "x"));
    }
  }

  @Test
  void theHostOfTheHandlerGoesBeforeThePods() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
      HTTPGetAction action = to(server).withHost("127.0.0.1").build();
      ContainerTarget nowhere = new ContainerTarget("default/web", "web", "0.0.0.1", Map.of(), null);
      assertEquals(200, HttpExchange.run(HttpGet.of(action, nowhere, "x")).status());
    }
  }

  @Test
  void followsToTheSameHostAlone() throws Exception {
    try (RawServer last = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere");
        RawServer first = RawServer.saying(redirection("http://127.0.0.1:" + last.port() + "/in"));
        RawServer other = RawServer.saying(redirection("http://localhost:" + last.port() + "/"))) {
      HttpAnswer followed =
          get(to(first).addNewHttpHeader("Host", "shop.example").addNewHttpHeader("X-Key", "k").build());
      assertEquals("here", followed.text());
      String request = last.requests().getFirst();
      assertTrue(request.startsWith("GET /in HTTP/1.1\nHost: 127.0.0.1:" + last.port() + "\n"), request);
      assertTrue(request.contains("X-Key: k"), request);
      assertEquals(307, get(to(other).build()).status());
      assertEquals(1, last.accepted());
    }
  }

  @Test
  void aRelativeRedirectionKeepsTheHostHeader() throws Exception {
    RawServer.Answer answer = (request, out) -> out.write(
        (request.startsWith("GET /healthz ") ? redirection("../up?x=1") : "HTTP/1.1 200 OK\r\n\r\n")
            .getBytes());
    try (RawServer server = new RawServer(answer)) {
      assertEquals(200, get(to(server).addNewHttpHeader("Host", "shop.example").build()).status());
      assertTrue(
          server.requests().get(1).matches("(?s)GET /(\\.\\./)?up\\?x=1 HTTP/1.1\nHost: shop.example\n.*"),
          server.requests().get(1));
    }
  }

  @Test
  void aCircleOfRedirectionsEnds() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 301 Moved\r\nLocation: /healthz\r\n\r\n")) {
      IOException circle = assertThrows(IOException.class, () -> get(to(server).build()));
      assertEquals("stopped after 10 redirects", circle.getMessage());
      assertEquals(10, server.accepted());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "http://", "http://a b/", "gopher://127.0.0.1/"})
  void aRedirectionToNowhereIsNotFollowed(String location) throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n\r\n")) {
      assertThrows(IOException.class, () -> get(to(server).build()));
    }
  }

  @Test
  void readsTenKibibytesOfAnEndlessBody() throws Exception {
    RawServer.Answer endless = (request, out) -> {
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
      for (int i = 0; i < 1_000_000; i++) {
        out.write(new byte[1024]);
      }
    };
    try (RawServer server = new RawServer(endless)) {
      assertEquals(10 << 10, get(to(server).build()).body().length);
    }
    String far = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + "x".repeat(20_000);
    assertEquals(10 << 10, answerTo(far).body().length);
    String chunks = ("3e8;x=y\r\n" + "x".repeat(1000) + "\r\n").repeat(30);
    assertEquals(10 << 10, answerTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks).body().length);
  }

  @Test
  void theBodyEndsWhereItSays() throws Exception {
    RawServer.Answer staysOpen = (request, out) -> {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes());
      out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".getBytes());
      out.flush();
      hang();
    };
    try (RawServer server = new RawServer(staysOpen)) {
      HttpAnswer answer = assertTimeoutPreemptively(Duration.ofSeconds(120), () -> get(to(server).build()));
      assertEquals("ok", answer.text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 200 OK\r\n: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"})
  void whatIsNoAnswerIsRefused(String answer) {
    assertThrows(IOException.class, () -> answerTo(answer));
  }

  @Test
  void anEndlessHeadIsRefused() throws Exception {
    RawServer.Answer endless = (request, out) -> {
      out.write("HTTP/1.1 200 OK\r\n".getBytes());
      for (int i = 0; i < 1_000_000; i++) {
        out.write("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".getBytes());
      }
    };
    try (RawServer server = new RawServer(endless)) {
      assertThrows(IOException.class, () -> get(to(server).build()));
    }
    assertThrows(IOException.class, () -> answerTo("HTTP/1.1 100 Continue\r\n\r\n".repeat(100)));
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    RawServer.Answer slow = (request, out) -> {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab".getBytes());
      out.flush();
      asked.countDown();
      hang();
    };
    try (RawServer server = new RawServer(slow)) {
      Thread asking = Thread.ofVirtual().start(() -> assertThrows(IOException.class, () -> get(to(server).build())));
      asked.await();
      asking.interrupt();
      assertTrue(asking.join(Duration.ofSeconds(120)));
    }
  }

  @Test
  void takesAnyCertificate() throws Exception {
    try (RawServer server = new RawServer(
        SelfSigned.server(), (request, out) -> out.write("HTTP/1.1 200 OK\r\n\r\nsecret".getBytes()))) {
      assertEquals("secret", get(to(server).withScheme("HTTPS").build()).text());
    }
  }

  @Test
  void knowsPlainHttpWhereTlsWasAskedFor() throws Exception {
    try (ServerSocket server = new ServerSocket(0)) {
      Thread.ofVirtual().start(() -> refuseInPlainHttp(server));
      HTTPGetAction action =
          new HTTPGetActionBuilder().withPort(new IntOrString(server.getLocalPort())).withScheme("HTTPS").build();
      assertThrows(HttpExchange.PlainAnswer.class, () -> get(action));
    }
    try (RawServer tls = new RawServer(SelfSigned.server(), (request, out) -> out.write(new byte[0]))) {
      IOException none = assertThrows(IOException.class, () -> get(to(tls).withScheme("HTTPS").build()));
      assertFalse(none instanceof HttpExchange.PlainAnswer);
    }
  }

  /** As a server without TLS does when it is asked through TLS. */
  private static void refuseInPlainHttp(ServerSocket server) {
    try (Socket socket = server.accept()) {
      // all of it: what is left unread would be told as a connection that broke
      socket.getInputStream().read(new byte[8192]);
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
    } catch (IOException hungUp) {
      throw new UncheckedIOException(hungUp);
    }
  }

  private static String redirection(String location) {
    return "HTTP/1.1 307 Elsewhere\r\nLocation: " + location + "\r\n\r\n";
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
