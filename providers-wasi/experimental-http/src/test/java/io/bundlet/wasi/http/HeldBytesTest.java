package io.bundlet.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All guests together hold no more of the node's heap than they may. */
@Timeout(300)
class HeldBytesTest {
  private HttpModule module = new HttpModule(new Settings(120, 4000, 1 << 20, 10_000, 64));
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    server.text("/body", 200, "x".repeat(4000));
    server.text("/empty", 204, "");
    server.answer("/headers", exchange -> {
      exchange.getResponseHeaders().add("X-Long", "x".repeat(4000));
      exchange.sendResponseHeaders(204, -1);
    });
  }

  @AfterEach
  void stop() {
    module.stop();
    server.close();
  }

  private FakeGuest guest() {
    return new FakeGuest(module).allowing("[\"http://127.0.0.1\"]");
  }

  @Test
  void openResponsesOfAllGuestsAreCountedTogether() throws Exception {
    FakeGuest first = guest();
    FakeGuest second = guest();
    assertEquals(Code.SUCCESS, first.get(server.url("/body")));
    assertEquals(Code.SUCCESS, second.get(server.url("/body")));
    assertEquals(Code.RUNTIME, second.get(server.url("/body")));
    assertEquals(Code.SUCCESS, second.get(server.url("/empty")));
    first.call("close", 0);
    assertEquals(Code.SUCCESS, second.get(server.url("/body")));
  }

  @Test
  void headersOfOpenResponsesAreCounted() throws Exception {
    assertEquals(Code.SUCCESS, guest().get(server.url("/headers")));
    assertEquals(Code.SUCCESS, guest().get(server.url("/headers")));
    assertEquals(Code.RUNTIME, guest().get(server.url("/headers")));
    assertEquals(3, server.seen.size());
  }

  @Test
  void aGuestThatEndsGivesBackWhatItHad() throws Exception {
    FakeGuest first = guest();
    first.get(server.url("/headers"));
    first.get(server.url("/headers"));
    FakeGuest second = guest();
    assertEquals(Code.RUNTIME, second.get(server.url("/headers")));
    first.end();
    assertEquals(Code.SUCCESS, second.get(server.url("/headers")));
  }

  @Test
  void theBodyOfARequestIsCountedWhileItIsUnderWay() throws Exception {
    FakeGuest first = guest();
    assertEquals(Code.SUCCESS, first.get(server.url("/headers")));
    FakeGuest second = guest();
    byte[] body = "x".repeat(3000).getBytes(StandardCharsets.UTF_8);
    assertEquals(Code.RUNTIME, second.request("PUT", server.url("/empty"), "", body));
    assertEquals(1, server.seen.size(), "it was sent nevertheless");
    first.call("close", 0);
    for (int i = 0; i < 5; i++) {
      assertEquals(Code.SUCCESS, second.request("PUT", server.url("/empty"), "", body));
      second.call("close", second.number());
    }
  }

  @Test
  void whatFailsHoldsNothing() throws Exception {
    FakeGuest guest = guest();
    server.text("/large", 200, "x".repeat(4001));
    server.redirect("/loop", 302, "/loop");
    byte[] body = "x".repeat(2000).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      assertEquals(Code.RUNTIME, guest.request("POST", server.url("/large"), "", body));
      assertEquals(Code.REQUEST, guest.request("POST", server.url("/loop"), "", body));
    }
    assertEquals(Code.SUCCESS, guest.get(server.url("/body")));
  }

  @Test
  void anotherModuleCountsWhatGuestsHaveFromTheOneBefore() throws Exception {
    FakeGuest first = guest();
    first.get(server.url("/headers"));
    first.get(server.url("/headers"));
    module.stop();
    module = new HttpModule(new Settings(120, 4000, 1 << 20, 10_000, 64));
    first.module = module;
    assertEquals(Code.SUCCESS, first.get(server.url("/empty")));
    assertEquals(Code.RUNTIME, guest().get(server.url("/headers")));
  }
}
