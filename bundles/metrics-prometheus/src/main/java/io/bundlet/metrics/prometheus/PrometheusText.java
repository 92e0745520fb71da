package io.bundlet.metrics.prometheus;

import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prometheus' text format 0.0.4: lines of a metric together, below what it is. */
final class PrometheusText {
  private final Writer out;

  PrometheusText(Writer out) {
    this.out = out;
  }

  void write(Families families) throws IOException {
    for (Families.Family family : families.all()) {
      if (!family.numbers().isEmpty()) {
        write(family);
      }
    }
  }

  private void write(Families.Family family) throws IOException {
    Metric metric = family.metric();
    out.write("# HELP " + metric.name() + " " + escaped(metric.help(), false) + "\n");
    out.write("# TYPE " + metric.name() + " " + metric.kind() + "\n");
    for (Map.Entry<List<String>, Families.Told> number : family.numbers().entrySet()) {
      Families.Told told = number.getValue();
      if (told.histogram().isPresent()) {
        histogram(metric, number.getKey(), told.histogram().get());
      } else {
        line(metric.name(), metric.labels(), number.getKey(), text(told.value()), told.time());
      }
    }
  }

  private void histogram(Metric metric, List<String> values, HistogramValue histogram) throws IOException {
    List<String> names = with(metric.labels(), "le");
    long sum = 0;
    for (int i = 0; i < histogram.counts().size(); i++) {
      sum += histogram.counts().get(i);
      String bound = i < histogram.bounds().size() ? text(histogram.bounds().get(i)) : "+Inf";
      line(metric.name() + "_bucket", names, with(values, bound), Long.toString(sum), Optional.empty());
    }
    line(metric.name() + "_sum", metric.labels(), values, text(histogram.sum()), Optional.empty());
    line(metric.name() + "_count", metric.labels(), values, Long.toString(sum), Optional.empty());
  }

  private static List<String> with(List<String> list, String last) {
    List<String> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  private void line(String name, List<String> labels, List<String> values, String number, Optional<Instant> time)
      throws IOException {
    StringBuilder line = new StringBuilder(name);
    for (int i = 0; i < labels.size(); i++) {
      line.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"").append(escaped(values.get(i), true));
      line.append('"');
    }
    line.append(labels.isEmpty() ? " " : "} ").append(number);
    time.ifPresent(at -> line.append(' ').append(at.toEpochMilli()));
    out.append(line.append('\n'));
  }

  /** As Go writes numbers. */
  private static String text(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
  }

  private static String escaped(String text, boolean quotes) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '"' -> escaped.append(quotes ? "\\\"" : "\"");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
