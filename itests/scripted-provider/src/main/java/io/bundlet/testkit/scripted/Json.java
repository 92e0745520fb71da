package io.bundlet.testkit.scripted;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes JSON; there is no library for that in every node. */
public final class Json {
  private Json() {}

  /** Maps, collections, numbers and booleans as such, an empty optional as null, everything else as its text. */
  public static String of(Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> map.entrySet().stream()
          .map(each -> text(String.valueOf(each.getKey())) + ":" + of(each.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
      case Collection<?> all -> all.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
      case Optional<?> perhaps -> of(perhaps.orElse(null));
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> text(value.toString());
    };
  }

  private static String text(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < ' ') {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
