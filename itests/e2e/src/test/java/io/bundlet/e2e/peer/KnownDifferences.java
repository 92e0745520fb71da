package io.bundlet.e2e.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known to be different, and why. The file has a paragraph for each: {@code manifest}, {@code track}, {@code
 * upstream} and {@code bundlet} are regular expressions for the whole of the text, {@code .*} if they are left out;
 * then comes {@code explained} or, for what ought to be mended, {@code open}. A paragraph with {@code passes} is about
 * single states that match it, and that are left out of both.
 */
final class KnownDifferences {
  private static final Set<String> KEYS =
      Set.of("manifest", "track", "upstream", "bundlet", "passes", "explained", "open");

  /** A paragraph. */
  record Known(Map<String, String> fields) {
    boolean covers(Difference difference) {
      return !fields.containsKey("passes")
          && matches("manifest", difference.manifest()) && matches("track", difference.track())
          && matches("upstream", difference.upstream()) && matches("bundlet", difference.bundlet());
    }

    private boolean matches(String key, String text) {
      return text.matches("(?s)" + fields.getOrDefault(key, ".*"));
    }

    /** Whether this is a state that does not count. */
    boolean passes(String manifest, String track, String text) {
      return fields.containsKey("passes") && matches("manifest", manifest) && matches("track", track)
          && matches("passes", text);
    }

    boolean open() {
      return fields.containsKey("open");
    }

    String explanation() {
      return open() ? "OPEN: " + fields.get("open") : fields.get("explained");
    }
  }

  private final List<Known> all = new ArrayList<>();

  KnownDifferences() throws IOException {
    String text =
        new String(KnownDifferences.class.getResourceAsStream("differences.txt").readAllBytes(),
            StandardCharsets.UTF_8);
    for (String paragraph : text.split("\n\\s*\n")) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String line : paragraph.lines().filter(each -> !each.startsWith("#") && !each.isBlank()).toList()) {
        int colon = (line + " ").indexOf(": ");
        if (colon < 0 || !KEYS.contains(line.substring(0, colon))) {
          throw new IOException("differences.txt: not a field: " + line);
        }
        fields.put(line.substring(0, colon), (line + " ").substring(colon + 2).strip());
      }
      if (!fields.isEmpty()) {
        if (fields.containsKey("open") == fields.containsKey("explained")) {
          throw new IOException("differences.txt: a paragraph needs 'explained' or 'open': " + paragraph);
        }
        all.add(new Known(fields));
      }
    }
  }

  Optional<Known> of(Difference difference) {
    return all.stream().filter(known -> known.covers(difference)).findFirst();
  }

  List<Known> all() {
    return all;
  }
}
