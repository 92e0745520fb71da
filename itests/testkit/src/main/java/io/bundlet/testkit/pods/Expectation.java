package io.bundlet.testkit.pods;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is expected of a pod, in words: {@code KEY=VALUE}, {@code KEY~REGEX}, {@code KEY!~REGEX} or {@code KEY>=NUMBER}
 * about how it is now; with {@code ever} before it, that it was so in one status at least; with {@code never}, in none.
 * Keys are those of {@link PodStatus#value} and {@link Evidence#value}.
 */
public record Expectation(String text, String when, String key, String operator, String value) {
  private static final Pattern FORM = Pattern.compile("(?:(ever|never) )?(.+?)(!~|>=|=|~)(.*)", Pattern.DOTALL);

  /** Reads expectations that are separated by semicolons. */
  public static List<Expectation> all(String text) {
    return Stream.of(text.split(";")).map(String::strip).filter(each -> !each.isEmpty()).map(Expectation::of).toList();
  }

  private static Expectation of(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no expectation such as phase=Running");
    }
    return new Expectation(
        text, Optional.ofNullable(form.group(1)).orElse("now"), form.group(2).strip(), form.group(3),
        form.group(4).strip());
  }

  /** Whether it is so. */
  public boolean holds(Evidence pod) throws IOException {
    return switch (when) {
      case "ever" -> pod.history().stream().anyMatch(status -> fits(status.value(key)));
      case "never" -> pod.history().stream().noneMatch(status -> fits(status.value(key)));
      default -> fits(pod.value(key));
    };
  }

  /** What is so. */
  public String observed(Evidence pod) throws IOException {
    if (when.equals("now")) {
      return key + "=" + pod.value(key);
    }
    List<String> values = pod.history().stream().map(status -> status.value(key)).distinct().toList();
    return key + " was " + String.join(", ", values);
  }

  private boolean fits(String actual) {
    return switch (operator) {
      case "=" -> actual.equals(value);
      case "~" -> Pattern.compile(value).matcher(actual).find();
      case "!~" -> !Pattern.compile(value).matcher(actual).find();
      default -> actual.matches("-?\\d+") && Long.parseLong(actual) >= Long.parseLong(value);
    };
  }
}
