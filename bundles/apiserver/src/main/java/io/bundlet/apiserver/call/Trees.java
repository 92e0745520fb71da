package io.bundlet.apiserver.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as maps, lists, texts, numbers and truth values. What is read from a server may lack anything or be of another
 * kind than expected: all readers here then answer with nothing.
 */
public final class Trees {
  private Trees() {}

  /** The object at a path; empty when there is none. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(Object tree, String... path) {
    Object found = at(tree, path);
    return found instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** The list at a path; empty when there is none. */
  @SuppressWarnings("unchecked")
  public static List<Object> list(Object tree, String... path) {
    Object found = at(tree, path);
    return found instanceof List<?> list ? (List<Object>) list : List.of();
  }

  /** The text at a path; empty when there is none. */
  public static String text(Object tree, String... path) {
    return at(tree, path) instanceof String text ? text : "";
  }

  /** The number at a path. */
  public static long number(Object tree, long otherwise, String... path) {
    return at(tree, path) instanceof Number number ? number.longValue() : otherwise;
  }

  /** Whatever is at a path; null when there is nothing. */
  public static Object at(Object tree, String... path) {
    Object found = tree;
    for (String step : path) {
      found = found instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return found;
  }

  /**
   * The same without what says nothing: nulls, empty texts, objects and lists are left out, since servers and clients
   * differ in whether they write them. Whole numbers become longs. Null when nothing is left.
   */
  public static Object canonical(Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> canonicalObject(map);
      case List<?> list -> canonicalList(list);
      case String text -> text.isEmpty() ? null : text;
      case Integer number -> number.longValue();
      case null -> null;
      default -> tree;
    };
  }

  private static Object canonicalObject(Map<?, ?> map) {
    Map<String, Object> kept = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      Object inner = canonical(value);
      if (inner != null) {
        kept.put(String.valueOf(key), inner);
      }
    });
    return kept.isEmpty() ? null : kept;
  }

  private static Object canonicalList(List<?> list) {
    List<Object> kept = new ArrayList<>();
    for (Object value : list) {
      Object inner = canonical(value);
      kept.add(inner == null ? Map.of() : inner);
    }
    return kept.isEmpty() ? null : kept;
  }
}
