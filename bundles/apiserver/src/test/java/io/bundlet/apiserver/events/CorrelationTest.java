package io.bundlet.apiserver.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Correlation correlation = new Correlation();

  private static ObjectReference about(String name) {
    return new ObjectReferenceBuilder().withKind("Pod").withNamespace("default").withName(name).withUid(name).build();
  }

  private static Happening happening(String name, String message, Instant at) {
    return new Happening(about(name), "Warning", "BackOff", message, at);
  }

  @Test
  void oneThatDoesNothingElseIsCutOff() {
    int admitted = 0;
    for (int i = 0; i < 100; i++) {
      admitted += correlation.admit(happening("a", "again", NOW)).isPresent() ? 1 : 0;
    }
    assertEquals(25, admitted);
    assertTrue(correlation.admit(happening("b", "again", NOW)).isPresent(), "another is not");
    assertTrue(correlation.admit(happening("a", "again", NOW.plusSeconds(299))).isEmpty());
    assertTrue(correlation.admit(happening("a", "again", NOW.plusSeconds(700))).isPresent());
  }

  @Test
  void manyAlikeAreCombined() {
    String last = "";
    for (int i = 0; i < 11; i++) {
      last = correlation.admit(happening("a", "try " + i, NOW)).orElseThrow().message();
    }
    assertEquals("(combined from similar events): try 10", last);
    Happening combined = happening("a", last, NOW);
    correlation.wrote(combined, new Correlation.Written("name", NOW));
    assertTrue(correlation.before(happening("a", "(combined from similar events): try 11", NOW)).isPresent());
    assertTrue(correlation.before(happening("b", "(combined from similar events): try 11", NOW)).isEmpty());
  }

  @Test
  void nothingGrowsForEver() {
    for (int i = 0; i < 10_000; i++) {
      Happening one = happening("pod-" + i, "x", NOW);
      correlation.admit(one);
      correlation.wrote(one, new Correlation.Written("name", NOW));
    }
    assertTrue(correlation.before(happening("pod-1", "x", NOW)).isEmpty());
    assertTrue(correlation.before(happening("pod-9999", "x", NOW)).isPresent());
  }
}
