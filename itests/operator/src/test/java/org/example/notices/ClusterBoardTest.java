package org.example.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of the server, to the letter. */
@Timeout(120)
class ClusterBoardTest {
  private static final String NOTICE = "/apis/example.org/v1/namespaces/default/notices/one";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String MAP = MAPS + "/notice-one";
  private static final String OWNED = """
      {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "notice-one", "namespace": "default",
       "uid": "uid-map", "resourceVersion": "70", "ownerReferences": [{"apiVersion": "example.org/v1",
       "kind": "Notice", "name": "one", "uid": "%s"}]}, "data": {"text": "%s"}}
      """;
  private static final String STORED = """
      {"apiVersion": "example.org/v1", "kind": "Notice", "metadata": {"name": "one", "namespace": "default",
       "uid": "%s", "resourceVersion": "8", "generation": 1, "finalizers": [%s]},
       "spec": {"nodeName": "node-1", "text": "a"}}
      """;

  private final FakeServer server;
  private final ClusterBoard board;
  private final Notice notice = Notices.of("a", 1, null);

  ClusterBoardTest() throws Exception {
    server = new FakeServer();
    board = new ClusterBoard(server.client, "node-1");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aFinalizerIsPutOnBesideThoseOfOthersAndNotTwice() throws Exception {
    notice.getMetadata().setFinalizers(List.of("other/one"));
    board.hold(notice);
    assertEquals(1, server.changes.size());
    assertTrue(server.changes.getFirst().startsWith("PATCH " + NOTICE + " "), server.changes::toString);
    assertTrue(server.changes.getFirst().contains("[\"other/one\",\"example.org/notices\"]"), server.changes::toString);
    assertTrue(server.changes.getFirst().contains("\"resourceVersion\":\"7\""), server.changes::toString);
    notice.getMetadata().setFinalizers(List.of("other/one", "example.org/notices"));
    board.hold(notice);
    assertEquals(1, server.changes.size());
  }

  @Test
  void somebodyWasFasterWithTheFinalizers() throws Exception {
    server.answers.put("PATCH " + NOTICE, FakeServer.refusal(409, "it has changed"));
    server.objects.put(NOTICE, STORED.formatted("uid-1", "\"other/late\""));
    board.hold(notice);
    assertEquals(2, server.changes.size());
    assertTrue(server.changes.get(1).contains("[\"other/late\",\"example.org/notices\"]"), server.changes::toString);
    assertTrue(server.changes.get(1).contains("\"resourceVersion\":\"8\""), server.changes::toString);
  }

  @Test
  void anotherNoticeOfTheNameIsLeftAlone() throws Exception {
    server.answers.put("PATCH " + NOTICE, FakeServer.refusal(409, "it has changed"));
    server.objects.put(NOTICE, STORED.formatted("uid-2", "\"example.org/notices\""));
    assertThrows(NoticeFailure.class, () -> board.hold(notice));
    board.release(notice);
    assertEquals(1, server.changes.size(), server.changes::toString);
  }

  @Test
  void theFinalizerIsTakenOffThoughItWasNotHeardOf() throws Exception {
    server.objects.put(NOTICE, STORED.formatted("uid-1", "\"example.org/notices\",\"other/one\""));
    board.release(notice);
    assertEquals(1, server.changes.size());
    assertTrue(server.changes.getFirst().contains("\"finalizers\":[\"other/one\"]"), server.changes::toString);
  }

  @Test
  void theTextIsMadeReadableOnce() throws Exception {
    assertEquals("notice-one", board.post(notice));
    assertEquals(1, server.changes.size());
    assertTrue(server.changes.getFirst().startsWith("POST " + MAPS + " "), server.changes::toString);
    assertTrue(server.changes.getFirst().contains("\"data\":{\"text\":\"a\"}"), server.changes::toString);
    assertTrue(server.changes.getFirst().contains("\"uid\":\"uid-1\""), server.changes::toString);
    server.objects.put(MAP, OWNED.formatted("uid-1", "a"));
    board.post(notice);
    assertEquals(1, server.changes.size());
    board.post(Notices.of("b", 2, null));
    assertEquals(2, server.changes.size());
    assertTrue(server.changes.get(1).startsWith("PATCH " + MAP + " "), server.changes::toString);
    assertTrue(server.changes.get(1).contains("\"resourceVersion\":\"70\""), server.changes::toString);
  }

  @Test
  void whatBelongsToOthersIsNeitherChangedNorDeleted() throws Exception {
    server.objects.put(MAP, OWNED.formatted("uid-2", "x"));
    NoticeFailure failure = assertThrows(NoticeFailure.class, () -> board.post(notice));
    assertEquals("the ConfigMap notice-one is not of this notice; it has to go first", failure.getMessage());
    board.withdraw(notice);
    assertEquals(List.of(), server.changes);
  }

  @Test
  void whatWasPostedIsTakenAwayInItsVersion() throws Exception {
    board.withdraw(notice);
    assertEquals(List.of(), server.changes);
    server.objects.put(MAP, OWNED.formatted("uid-1", "a"));
    board.withdraw(notice);
    assertEquals(1, server.changes.size());
    assertTrue(server.changes.getFirst().startsWith("DELETE " + MAP + " "), server.changes::toString);
    assertTrue(server.changes.getFirst().contains("\"resourceVersion\":\"70\""), server.changes::toString);
  }

  @Test
  void aStatusIsOfThisUidOnly() throws Exception {
    server.answers.put("PATCH " + NOTICE + "/status", new FakeServer.Answer(200, STORED.formatted("uid-1", "")));
    board.tell(notice, new NoticeStatus("Posted", "node-1", "notice-one", null, 1L));
    String change = server.changes.getFirst();
    assertTrue(change.startsWith("PATCH " + NOTICE + "/status [{"), change);
    assertTrue(change.contains("/metadata/uid") && change.contains("\"uid-1\""), change);
    assertTrue(!change.contains("message"), change);
    server.answers.put("PATCH " + NOTICE + "/status", FakeServer.refusal(422, "the test failed"));
    NoticeFailure failure = assertThrows(NoticeFailure.class,
        () -> board.tell(notice, new NoticeStatus("Posted", "node-1", null, null, 1L)));
    assertEquals("it is not there any more", failure.getMessage());
  }

  @Test
  void aRefusalIsToldInTheServersWords() {
    server.answers.put("POST " + MAPS, FakeServer.refusal(403, "you may not"));
    NoticeFailure failure = assertThrows(NoticeFailure.class, () -> board.post(notice));
    assertEquals("you may not", failure.getMessage());
  }

  @Test
  void anInterruptEndsARequest() throws Exception {
    server.held = new CountDownLatch(1);
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread thread = Thread.ofVirtual().start(() -> {
      try {
        board.post(notice);
      } catch (InterruptedException | NoticeFailure e) {
        seen.set(e);
      }
    });
    Until.so("the server is asked", () -> server.asked);
    thread.interrupt();
    assertTrue(thread.join(Duration.ofSeconds(60)), "the call ends");
    assertEquals(InterruptedException.class, seen.get() == null ? null : seen.get().getClass(), () -> "" + seen.get());
    server.held.countDown();
  }
}
