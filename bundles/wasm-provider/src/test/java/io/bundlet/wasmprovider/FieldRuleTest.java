package io.bundlet.wasmprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldRuleTest {
  private static Optional<String> field(FieldRule rule, Map<?, ?> part) {
    return rule.check("spec", part).map(Refusal::field);
  }

  @Test
  void pathsGoThroughMaps() {
    FieldRule rule = FieldRule.whenTrue("no", "a", "b.c");
    assertEquals(Optional.of("spec.a"), field(rule, Map.of("a", true)));
    assertEquals(Optional.of("spec.b.c"), field(rule, Map.of("b", Map.of("c", true))));
    assertEquals(Optional.empty(), field(rule, Map.of("a", false, "b", Map.of())));
  }

  @Test
  void valuesOfAnotherShapeAreNotTrue() {
    assertEquals(Optional.empty(), field(FieldRule.whenTrue("no", "a", "b.c"), Map.of("a", "true", "b", List.of(1))));
  }

  @Test
  void whatIsEmptyIsNotGiven() {
    FieldRule rule = FieldRule.whenGiven("no", "a");
    assertEquals(Optional.empty(), field(rule, Map.of("a", List.of())));
    assertEquals(Optional.empty(), field(rule, Map.of("a", "")));
    assertEquals(Optional.of("spec.a"), field(rule, Map.of("a", Map.of())));
    assertEquals(Optional.of("spec.a"), field(rule, Map.of("a", 0)));
  }

  @Test
  void falseIsNotAbsent() {
    assertEquals(Optional.empty(), field(FieldRule.whenFalse("no", "a"), Map.of()));
    assertEquals(Optional.of("spec.a"), field(FieldRule.whenFalse("no", "a"), Map.of("a", false)));
  }
}
