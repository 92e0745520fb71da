package io.bundlet.kubeletapi.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path, taken apart once, so that what is allowed and what is done cannot be two things. What no route needs is no
 * path here: escapes, empty parts, parts of dots alone, parameters.
 *
 * @param parts at least one, unless the path is {@code /}
 */
record RoutePath(List<String> parts) {
  private static final Pattern PART = Pattern.compile("(?!\\.+$)[A-Za-z0-9._-]{1,253}");
  private static final int MOST = 16;

  /** Empty when it is none; one slash at the end makes no difference. */
  static Optional<RoutePath> of(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    String inner = path.substring(1);
    if (inner.endsWith("/")) {
      inner = inner.substring(0, inner.length() - 1);
    }
    List<String> parts = inner.isEmpty() ? List.of() : List.of(inner.split("/", -1));
    boolean plain = parts.size() <= MOST && parts.stream().allMatch(part -> PART.matcher(part).matches());
    return plain ? Optional.of(new RoutePath(parts)) : Optional.empty();
  }

  /** What stands for the names in a pattern; empty when it is another path. */
  Optional<List<String>> match(String pattern) {
    List<String> wanted = of(pattern.replace("{", "").replace("}", "")).orElseThrow().parts();
    List<String> places = List.of(pattern.substring(1).split("/", -1));
    if (wanted.size() != parts.size()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (places.get(i).startsWith("{")) {
        names.add(parts.get(i));
      } else if (!wanted.get(i).equals(parts.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  String first() {
    return parts.isEmpty() ? "" : parts.getFirst();
  }
}
