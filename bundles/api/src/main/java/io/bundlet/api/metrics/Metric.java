package io.bundlet.api.metrics;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a number means: its name, kind and labels. A constant of the source that knows it. Several sources may tell
 * numbers of the same metric, if they describe it alike.
 */
public final class Metric {
  /** A sum that only grows as long as the process or the thing lives, such as seconds of processor time. */
  public static final String COUNTER = "counter";
  /** A number that rises and falls. */
  public static final String GAUGE = "gauge";
  /** How often values of which size were seen. */
  public static final String HISTOGRAM = "histogram";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]{0,199}");
  private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]{0,99}");
  private static final int MAX_LABELS = 16;

  private final String name;
  private final String kind;
  private final String help;
  private final List<String> labels;

  private Metric(String name, String kind, String help, List<String> labels) {
    this.name = name;
    this.kind = kind;
    this.help = Objects.requireNonNull(help);
    this.labels = List.copyOf(labels);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a metric: letters, digits, _ and :, no digit first, at most 200");
    }
    if (labels.size() > MAX_LABELS || Set.copyOf(labels).size() < labels.size()
        || !labels.stream().allMatch(label -> LABEL.matcher(label).matches())) {
      throw new IllegalArgumentException(
          "the labels of metric " + name + ", " + labels + ": at most " + MAX_LABELS
              + " different ones of letters, digits and _, no digit first, not beginning with __");
    }
    if (kind.equals(HISTOGRAM) && labels.contains("le")) {
      throw new IllegalArgumentException("the label le of histogram " + name + " is taken: it names the bucket");
    }
  }

  /**
   * A sum that only grows.
   *
   * @param name as Prometheus has it: base units ({@code seconds}, {@code bytes}), and {@code _total} at the end
   * @param help what it is, for people
   * @param labels the names of what tells its numbers apart
   * @throws IllegalArgumentException for a name that cannot be
   */
  public static Metric counter(String name, String help, String... labels) {
    return new Metric(name, COUNTER, help, List.of(labels));
  }

  /** A number that rises and falls; the rest as for {@link #counter}. */
  public static Metric gauge(String name, String help, String... labels) {
    return new Metric(name, GAUGE, help, List.of(labels));
  }

  /** A distribution, told by {@link MetricsSink#histogram}; the rest as for {@link #counter}. */
  public static Metric histogram(String name, String help, String... labels) {
    return new Metric(name, HISTOGRAM, help, List.of(labels));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** {@link #COUNTER}, {@link #GAUGE} or {@link #HISTOGRAM}. */
  public String kind() {
    return kind;
  }

  /** What it is, for people. */
  public String help() {
    return help;
  }

  /** The names of its labels, in the order of the values that are told with a number. */
  public List<String> labels() {
    return labels;
  }

  @Override
  public String toString() {
    return kind + " " + name + labels;
  }
}
