package io.bundlet.wasmprovider;

import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One line of a table of what is refused. Values of the wrong shape are harmless here: nothing is cast. */
@FunctionalInterface
public interface FieldRule {
  /**
   * Looks at a part of a manifest.
   *
   * @param at where the part is, as people write it: {@code spec.containers[0]}
   * @param part the part
   */
  Optional<Refusal> check(String at, Map<?, ?> part);

  /** Refuses fields that are {@code true}. Each is a path: {@code securityContext.privileged}. */
  static FieldRule whenTrue(String message, String... fields) {
    return when(Boolean.TRUE::equals, message, fields);
  }

  /** Refuses fields that are {@code false}. */
  static FieldRule whenFalse(String message, String... fields) {
    return when(Boolean.FALSE::equals, message, fields);
  }

  /** Refuses fields that are there; an empty list or text is as good as none. */
  static FieldRule whenGiven(String message, String... fields) {
    return when(value -> value != null && !List.of().equals(value) && !"".equals(value), message, fields);
  }

  private static FieldRule when(Predicate<Object> refused, String message, String... fields) {
    List<String> paths = List.of(fields);
    return (at, part) ->
        paths.stream()
            .filter(path -> refused.test(value(part, path)))
            .findFirst()
            .map(path -> Refusal.unsupported(at + "." + path, message));
  }

  private static Object value(Map<?, ?> part, String path) {
    Object value = part;
    for (String name : path.split("\\.")) {
      value = map(value).get(name);
    }
    return value;
  }

  /** A value as a map: empty if it is none. */
  static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  /** A value as a list: empty if it is none. */
  static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
