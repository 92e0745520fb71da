package io.bundlet.kubeletapi.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.kubernetes.Caller;
import io.bundlet.kubernetes.Reviews;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReviewDeskTest {
  private static final Caller READER = new Caller("reader", "", List.of("people"), Map.of());

  private static final AnswerLives LIVES = AnswerLives.STANDARD;

  private AnswerLives lives = LIVES;
  private final List<String> asked = new ArrayList<>();
  private final Set<String> allowed = new TreeSet<>();
  private boolean down;
  private long now;
  private final ReviewDesk desk = new ReviewDesk(() -> Optional.of(new Server()), () -> lives, () -> now);

  private final class Server implements Reviews {
    @Override
    public Optional<Caller> caller(String token) throws IOException {
      answer(token);
      return token.startsWith("good") ? Optional.of(READER) : Optional.empty();
    }

    @Override
    public boolean allowed(Caller caller, String verb, String subresource) throws IOException {
      answer(verb + " " + subresource);
      return allowed.contains(verb + " " + subresource);
    }

    private void answer(String question) throws IOException {
      asked.add(question);
      if (down) {
        throw new IOException("no answer");
      }
    }
  }

  private void later(Duration by) {
    now += by.toNanos();
  }

  @Test
  void howLongAnswersAreBelievedMayBeChanged() throws Exception {
    lives = new AnswerLives(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ZERO);
    desk.caller("good");
    desk.allowed(READER, "get", List.of("pods"));
    desk.allowed(READER, "get", List.of("pods"));
    assertEquals(List.of("good", "get pods", "get pods"), asked);
    allowed.add("get pods");
    desk.allowed(READER, "get", List.of("pods"));
    later(Duration.ofSeconds(11));
    asked.clear();
    desk.caller("good");
    desk.allowed(READER, "get", List.of("pods"));
    assertEquals(List.of("good"), asked);
    later(Duration.ofSeconds(10));
    desk.allowed(READER, "get", List.of("pods"));
    assertEquals(List.of("good", "get pods"), asked);
  }

  @Test
  void aTokenIsAskedAboutEveryTwoMinutes() throws Exception {
    for (String token : List.of("good", "bad")) {
      asked.clear();
      desk.caller(token);
      later(LIVES.token().minusSeconds(1));
      assertEquals(token.equals("good") ? Optional.of(READER) : Optional.empty(), desk.caller(token));
      assertEquals(1, asked.size());
      later(Duration.ofSeconds(1));
      desk.caller(token);
      assertEquals(2, asked.size());
    }
  }

  @Test
  void allowedIsKeptForLongerThanDenied() throws Exception {
    assertFalse(desk.allowed(READER, "get", List.of("stats")));
    allowed.add("get stats");
    later(LIVES.denied().minusSeconds(1));
    assertFalse(desk.allowed(READER, "get", List.of("stats")));
    later(Duration.ofSeconds(1));
    assertTrue(desk.allowed(READER, "get", List.of("stats")));
    allowed.clear();
    later(LIVES.allowed().minusSeconds(1));
    assertTrue(desk.allowed(READER, "get", List.of("stats")));
    later(Duration.ofSeconds(1));
    assertFalse(desk.allowed(READER, "get", List.of("stats")), "a right that was taken away is gone after 5 min");
  }

  @Test
  void whoIsInOtherGroupsIsAnother() throws Exception {
    allowed.add("get stats");
    assertTrue(desk.allowed(READER, "get", List.of("stats")));
    allowed.clear();
    assertFalse(desk.allowed(new Caller("reader", "", List.of(), Map.of()), "get", List.of("stats")));
    assertFalse(desk.allowed(READER, "create", List.of("stats")));
    assertFalse(desk.allowed(READER, "get", List.of("metrics")));
  }

  @Test
  void oneOfTwoIsEnoughAlsoWhenTheOtherIsNotKnown() throws Exception {
    allowed.add("get proxy");
    assertTrue(desk.allowed(READER, "get", List.of("pods", "proxy")));
    later(LIVES.denied());
    down = true;
    assertTrue(desk.allowed(READER, "get", List.of("pods", "proxy")), "proxy is still known");
    assertThrows(IOException.class, () -> desk.allowed(READER, "get", List.of("pods", "healthz")));
    down = false;
    assertFalse(desk.allowed(READER, "get", List.of("pods", "healthz")), "no answer is not kept");
  }

  @Test
  void strangersCannotHaveTheNodeAskAllTheTime() throws Exception {
    desk.caller("good");
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      try {
        desk.caller("invented-" + i);
      } catch (IOException tooMany) {
        refused++;
      }
    }
    assertEquals(ReviewDesk.NEW_TOKENS, asked.size());
    assertEquals(1001 - ReviewDesk.NEW_TOKENS, refused);
    assertEquals(Optional.of(READER), desk.caller("good"), "who is known is not concerned");
    later(Duration.ofSeconds(1));
    for (int i = 0; i < ReviewDesk.NEW_TOKENS_PER_SECOND; i++) {
      desk.caller("late-" + i);
    }
    assertThrows(IOException.class, () -> desk.caller("too late"));
  }

  @Test
  void whatIsKeptIsBounded() {
    Answers<Integer, Integer> answers = new Answers<>(3, () -> now);
    for (int i = 0; i < 10; i++) {
      answers.keep(i, i, Duration.ofMinutes(1));
      answers.of(0);
    }
    assertEquals(3, answers.size());
    assertEquals(Optional.of(0), answers.of(0), "what is used stays");
    assertEquals(Optional.empty(), answers.of(7));
  }
}
