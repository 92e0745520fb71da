package io.bundlet.metrics.prometheus;

import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes numbers and brings together those of one metric, whoever tells them. For one thread. */
final class Families implements MetricsSink {
  /** A node with hundreds of pods has some thousands. */
  static final int MAX_NUMBERS = 50_000;
  static final int MAX_LABEL = 1024;
  private static final int MAX_PROBLEMS = 20;
  private static final int LINES_BESIDE_BUCKETS = 3;

  /** A number, or a distribution, and when it was so, unless that is now. */
  record Told(double value, Optional<HistogramValue> histogram, Optional<Instant> time) {}

  /** All numbers of a metric, by the values of its labels. */
  record Family(Metric metric, Map<List<String>, Told> numbers) {}

  private final Map<String, Family> byName = new LinkedHashMap<>();
  private final Set<String> problems = new LinkedHashSet<>();
  private int lines;

  @Override
  public void sample(Metric metric, double value, String... labels) {
    number(metric, new Told(value, Optional.empty(), Optional.empty()), labels);
  }

  @Override
  public void sampleAt(Metric metric, Instant time, double value, String... labels) {
    number(metric, new Told(value, Optional.empty(), Optional.of(time)), labels);
  }

  @Override
  public void histogram(Metric metric, HistogramValue value, String... labels) {
    number(metric, new Told(0, Optional.of(value), Optional.empty()), labels);
  }

  private void number(Metric metric, Told told, String... labels) {
    int needs = told.histogram().map(value -> value.bounds().size() + LINES_BESIDE_BUCKETS).orElse(1);
    Family family = byName.computeIfAbsent(metric.name(), name -> new Family(metric, new LinkedHashMap<>()));
    if (lines + needs > MAX_NUMBERS) {
      problem("there are more than " + MAX_NUMBERS);
    } else if (told.histogram().isPresent() != metric.kind().equals(Metric.HISTOGRAM)) {
      problem(metric + " cannot be told so");
    } else if (labels.length != metric.labels().size()) {
      problem(metric + " was told with " + labels.length + " values of labels");
    } else if (!alike(family.metric(), metric)) {
      problem(metric + " is described by another source as " + family.metric());
    } else if (family.numbers().putIfAbsent(values(labels), told) == null) {
      lines += needs;
    }
  }

  private static boolean alike(Metric one, Metric other) {
    return one.kind().equals(other.kind()) && one.labels().equals(other.labels());
  }

  private static List<String> values(String... labels) {
    List<String> values = new ArrayList<>();
    for (String label : labels) {
      values.add(label == null ? "" : label.length() <= MAX_LABEL ? label : label.substring(0, MAX_LABEL));
    }
    return values;
  }

  private void problem(String words) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(words);
    }
  }

  /** In the order in which they were first told of; one without numbers is there, too. */
  Collection<Family> all() {
    return byName.values();
  }

  /** What was left out and why, each kind once. */
  Collection<String> problems() {
    return problems;
  }
}
