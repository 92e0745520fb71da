package io.bundlet.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestTrap;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The functions against a real server: what that saw is the proof. */
@Timeout(300)
class HttpModuleTest {
  private static final String HERE = "[\"http://127.0.0.1\"]";
  private static final byte[] NO_BODY = {};

  private final String nonce = UUID.randomUUID().toString();
  private final String path = "/" + nonce;
  private HttpModule module = new HttpModule(Settings.USUAL);
  private Server server;
  private FakeGuest guest;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    guest = new FakeGuest(module).allowing(HERE);
  }

  @AfterEach
  void stop() {
    module.stop();
    server.close();
  }

  private void with(Settings settings) {
    module.stop();
    module = new HttpModule(settings);
    guest.module = module;
  }

  @Test
  void aRequestGoesOutWithAllThatItHasAndTheAnswerComesBack() throws Exception {
    server.answer(path, exchange -> {
      exchange.getResponseHeaders().add("X-Nonce", nonce);
      exchange.getResponseHeaders().add("X-Two", "one");
      exchange.getResponseHeaders().add("X-Two", "two");
      exchange.sendResponseHeaders(418, 0);
      exchange.getResponseBody().write(("answer " + nonce).getBytes(StandardCharsets.UTF_8));
    });
    byte[] body = ("body " + nonce).getBytes(StandardCharsets.UTF_8);
    assertEquals(
        Code.SUCCESS,
        guest.request("PATCH", server.url(path), "X-Mine: a\r\nx-mine:" + nonce + "\ncontent-length:41\n", body));
    Server.Seen seen = server.seen.getFirst();
    assertEquals("PATCH", seen.method());
    assertEquals(path, seen.path());
    assertEquals(List.of(nonce), seen.headers().get("X-mine"));
    assertEquals("body " + nonce, seen.body());
    assertEquals(418, guest.status());
    assertEquals(0, guest.number());
    assertEquals("answer " + nonce, guest.whole(0, 7));
    assertEquals(Code.SUCCESS, guest.header(0, "X-NONCE", 100));
    assertEquals(nonce, guest.out());
    assertEquals(Code.BUFFER_TOO_SMALL, guest.header(0, "x-nonce", 35));
    assertEquals(Code.HEADER_NOT_FOUND, guest.header(0, "x-other", 100));
    assertEquals(Code.SUCCESS, guest.headers(0, 60_000));
    assertTrue(guest.out().contains("x-nonce:" + nonce + "\n"), guest.out());
    assertTrue(guest.out().contains("x-two:one\nx-two:two\n"), guest.out());
    assertEquals(Code.BUFFER_TOO_SMALL, guest.headers(0, 10));
  }

  @Test
  void handlesAreCountedAndGivenAgainWhenTheyAreFree() throws Exception {
    server.text(path, 200, "x");
    for (int expected : List.of(0, 1, 2)) {
      assertEquals(Code.SUCCESS, guest.get(server.url(path)));
      assertEquals(expected, guest.number());
    }
    assertEquals(Code.SUCCESS, guest.call("close", 2));
    assertEquals(Code.SUCCESS, guest.call("close", 77));
    assertEquals(Code.INVALID_HANDLE, guest.body(2, 1));
    assertEquals(Code.INVALID_HANDLE, guest.header(2, "a", 1));
    assertEquals(Code.INVALID_HANDLE, guest.headers(2, 1));
    guest.get(server.url(path));
    assertEquals(2, guest.number());
  }

  @Test
  void noMoreResponsesAreOpenThanThePodSays() throws Exception {
    server.text(path, 200, "x");
    guest.annotations.put(Rules.SESSIONS, "2");
    assertEquals(Code.SUCCESS, guest.get(server.url(path)));
    assertEquals(Code.SUCCESS, guest.get(server.url(path)));
    assertEquals(Code.TOO_MANY_SESSIONS, guest.get(server.url(path)));
    assertEquals(2, server.seen.size());
    guest.call("close", 0);
    assertEquals(Code.SUCCESS, guest.get(server.url(path)));
    guest.annotations.put(Rules.SESSIONS, "0");
    assertEquals(Code.TOO_MANY_SESSIONS, guest.get(server.url(path)));
    assertEquals(3, server.seen.size());
  }

  @Test
  void thePodsNumberDoesNotRaiseTheNodes() throws Exception {
    with(new Settings(120, 1 << 20, 1 << 20, 1));
    server.text(path, 200, "x");
    guest.annotations.put(Rules.SESSIONS, "4294967295");
    assertEquals(Code.SUCCESS, guest.get(server.url(path)));
    assertEquals(Code.TOO_MANY_SESSIONS, guest.get(server.url(path)));
  }

  @Test
  void onlyAllowedHostsAreReached() throws Exception {
    server.text(path, 200, "x");
    guest.annotations.remove(Rules.DOMAINS);
    assertEquals(Code.DESTINATION_NOT_ALLOWED, guest.get(server.url(path)));
    assertEquals(Code.DESTINATION_NOT_ALLOWED, guest.allowing("[]").get(server.url(path)));
    assertEquals(Code.DESTINATION_NOT_ALLOWED, guest.allowing("[\"https://127.0.0.2\"]").get(server.url(path)));
    assertEquals(Code.INVALID_URL, guest.allowing("[\"http://127.0.0.1\", \"127.0.0.1\"]").get(server.url(path)));
    assertEquals(List.of(), server.seen);
    assertEquals(Code.SUCCESS, guest.allowing("[\"ftp://127.0.0.1:1/other\"]").get(server.url(path)));
  }

  @Test
  void aRedirectIsFollowedOnlyToAllowedHosts() throws Exception {
    server.text(path, 200, nonce);
    server.redirect("/away", 302, server.named(path));
    server.redirect("/near", 302, path);
    assertEquals(Code.DESTINATION_NOT_ALLOWED, guest.get(server.url("/away")));
    assertEquals(List.of("/away"), server.seen.stream().map(Server.Seen::path).toList());
    assertEquals(Code.SUCCESS, guest.get(server.url("/near")));
    assertEquals(nonce, guest.whole(guest.number(), 1000));
    guest.allowing("[\"http://127.0.0.1\", \"http://LOCALHOST\"]");
    assertEquals(Code.SUCCESS, guest.get(server.url("/away")));
  }

  @Test
  void redirectsKeepWhatTheyMayAndEnd() throws Exception {
    server.text(path, 200, "x");
    server.redirect("/303", 303, path);
    server.redirect("/307", 307, path);
    server.redirect("/away", 308, server.named(path));
    server.redirect("/loop", 301, "/loop");
    guest.allowing("[\"http://127.0.0.1\", \"http://localhost\"]");
    byte[] body = nonce.getBytes(StandardCharsets.UTF_8);
    String headers = "authorization:secret\ncontent-type:text/plain\nx-a:b\n";
    assertEquals(Code.SUCCESS, guest.request("POST", server.url("/303"), headers, body));
    Server.Seen got = server.seen.getLast();
    assertEquals("GET", got.method());
    assertEquals("", got.body());
    assertFalse(got.headers().containsKey("Content-type"));
    assertEquals(List.of("secret"), got.headers().get("Authorization"));
    assertEquals(Code.SUCCESS, guest.request("POST", server.url("/307"), headers, body));
    assertEquals("POST", server.seen.getLast().method());
    assertEquals(nonce, server.seen.getLast().body());
    assertEquals(Code.SUCCESS, guest.request("POST", server.url("/away"), headers, body));
    assertFalse(server.seen.getLast().headers().containsKey("Authorization"));
    assertEquals(List.of("b"), server.seen.getLast().headers().get("X-a"));
    server.seen.clear();
    assertEquals(Code.REQUEST, guest.get(server.url("/loop")));
    assertEquals(11, server.seen.size());
  }

  @Test
  void whatCannotBeSentHasItsCode() throws Exception {
    String url = server.url(path);
    assertEquals(Code.INVALID_URL, guest.get("no url"));
    assertEquals(Code.INVALID_URL, guest.get("http:///path"));
    assertEquals(Code.INVALID_METHOD, guest.request("GE T", url, "", NO_BODY));
    assertEquals(Code.INVALID_METHOD, guest.request("CONNECT", url, "", NO_BODY));
    assertEquals(Code.INVALID_ENCODING, guest.request("GET", url, "no colon", NO_BODY));
    assertEquals(Code.INVALID_ENCODING, guest.request("GET", url, "a b:c", NO_BODY));
    assertEquals(Code.INVALID_ENCODING, guest.request("GET", url, "a:b\rc:d", NO_BODY));
    for (String name : List.of("Host", "connection", "Transfer-Encoding", "upgrade", "expect", "content-length")) {
      assertEquals(Code.INVALID_ENCODING, guest.request("GET", url, name + ":1", NO_BODY), name);
    }
    assertEquals(Code.REQUEST, guest.get("ftp://127.0.0.1/x"));
    assertEquals(List.of(), server.seen);
    assertEquals(Code.REQUEST, guest.get("http://127.0.0.1:" + freePort()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket nobody = new ServerSocket(0)) {
      return nobody.getLocalPort();
    }
  }

  @Test
  void pointersBeyondTheMemoryAreCodes() throws Exception {
    server.text(path, 200, "0123456789");
    byte[] url = server.url(path).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(url, 0, guest.memory, 0, url.length);
    guest.memory[1000] = 'G';
    guest.memory[1001] = 'E';
    guest.memory[1002] = 'T';
    long[] good = {0, url.length, 1000, 3, 0, 0, 0, 0, 2000, 2004};
    long end = FakeGuest.SIZE;
    for (int pointer : List.of(0, 2, 4, 6)) {
      for (long at : List.of(end - 1, end, 0xffff_ffffL, -1L)) {
        long[] args = good.clone();
        args[pointer] = at;
        args[pointer + 1] = 0xffff_ffffL;
        assertEquals(Code.BUFFER_TOO_SMALL, guest.call("req", args));
      }
    }
    for (int pointer : List.of(8, 9)) {
      for (long at : List.of(end - 1, end, 0xffff_ffffL)) {
        long[] args = good.clone();
        args[pointer] = at;
        assertEquals(Code.MEMORY_ACCESS, guest.call("req", args));
      }
    }
    guest.memory[0] = (byte) 0xff;
    assertEquals(Code.NOT_UTF8, guest.call("req", good));
    assertEquals(List.of(), server.seen);
    guest.memory[0] = 'h';
    assertEquals(Code.SUCCESS, guest.call("req", good));
    assertEquals(Code.MEMORY_ACCESS, guest.call("body_read", 0, end - 3, 100, 0));
    assertEquals(Code.MEMORY_ACCESS, guest.call("body_read", 0, 0, 100, end - 3));
    assertEquals(Code.SUCCESS, guest.call("body_read", 0, end - 10, 0xffff_ffffL, 3000));
    assertEquals("0123456789", new String(guest.memory, (int) end - 10, 10, StandardCharsets.UTF_8));
    guest.memory = new byte[0];
    assertEquals(Code.MEMORY_NOT_FOUND, guest.call("req", good));
    assertEquals(Code.MEMORY_NOT_FOUND, guest.call("body_read", 0, 0, 0, 0));
    assertEquals(Code.SUCCESS, guest.call("close", 0));
  }

  @Test
  void bodiesAreBounded() throws Exception {
    with(new Settings(120, 1000, 1500, 64));
    server.text("/fits", 200, "x".repeat(1000));
    server.text("/large", 200, "x".repeat(1001));
    server.answer("/endless", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] part = new byte[8192];
      while (server.released.getCount() > 0) {
        exchange.getResponseBody().write(part);
      }
    });
    assertEquals(Code.RUNTIME, guest.get(server.url("/large")));
    assertEquals(Code.RUNTIME, guest.get(server.url("/endless")));
    assertEquals(Code.RUNTIME, guest.request("PUT", server.url("/fits"), "", new byte[1001]));
    assertEquals(Code.SUCCESS, guest.get(server.url("/fits")));
    assertEquals(Code.RUNTIME, guest.get(server.url("/fits")), "both have more than 1500 bytes together");
    guest.call("close", 0);
    assertEquals(Code.SUCCESS, guest.get(server.url("/fits")));
  }

  @Test
  void timeIsBounded() throws Exception {
    with(new Settings(1, 1 << 20, 1 << 20, 64));
    server.silent(path);
    server.answer("/half", exchange -> {
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write('x');
      exchange.getResponseBody().flush();
      server.released.await(10, TimeUnit.MINUTES);
    });
    assertEquals(Code.REQUEST, guest.get(server.url(path)));
    assertEquals(Code.REQUEST, guest.get(server.url("/half")));
    assertEquals(2, server.seen.size());
  }

  @Test
  void anInterruptEndsTheGuest() throws Exception {
    server.silent(path);
    CompletableFuture<GuestTrap> trap = new CompletableFuture<>();
    Thread thread = new Thread(() -> trap.complete(
        assertThrows(GuestTrap.class, () -> guest.get(server.url(path)))), "guest");
    thread.start();
    while (server.seen.isEmpty()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertEquals(GuestTrap.KILLED, trap.get(120, TimeUnit.SECONDS).kind());
    thread.join();
  }

  @Test
  void anAnnotationThatCannotBeReadEndsTheGuest() {
    guest.allowing("127.0.0.1");
    GuestTrap trap = assertThrows(GuestTrap.class, () -> guest.get(server.url(path)));
    assertTrue(trap.getMessage().contains("alpha.wasi.krustlet.dev/allowed-domains"), trap.getMessage());
    guest.allowing(HERE).annotations.put(Rules.SESSIONS, "-1");
    assertThrows(GuestTrap.class, () -> guest.get(server.url(path)));
  }

  @Test
  void anotherModuleGoesOnWhereThisOneWas() throws Exception {
    server.text(path, 200, nonce);
    guest.get(server.url(path));
    guest.body(0, 5);
    assertEquals(nonce.substring(0, 5), guest.out());
    guest.attributes.values().forEach(value -> assertTrue(
        value.getClass().getModule() == Object.class.getModule(), value.getClass() + " would keep this bundle"));
    with(Settings.USUAL);
    assertEquals(nonce.substring(5), guest.whole(0, 1000));
  }
}
