package io.bundlet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects measured values by what was measured; knows their quartiles. */
public final class SpeedTable {
  private final Map<String, List<Double>> values = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  /** Takes a value in. */
  public void add(String what, double value) {
    values.computeIfAbsent(what, unused -> new ArrayList<>()).add(value);
  }

  /** Milliseconds between two moments of {@link System#nanoTime}. */
  void addMillis(String what, long from, long to) {
    add(what, (to - from) / 1e6);
  }

  /** Prints a line, which also goes into the file. */
  public void line(String line) {
    System.out.println(line);
    text.append(line).append('\n');
  }

  /** Prints what was collected since the last time. */
  public void print(String title) {
    line("");
    line("| " + title + " | median | quartiles | min - max | n |");
    line("|---|---|---|---|---|");
    values.forEach((what, all) -> {
      double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      String unit = what.contains("CPU s") ? "%.2f" : "%.0f";
      line(String.format(Locale.ROOT, "| %s | " + unit + " | " + unit + " - " + unit + " | " + unit + " - " + unit
          + " | %d |",
          what, at(sorted, 0.5), at(sorted, 0.25), at(sorted, 0.75), sorted[0], sorted[sorted.length - 1],
          sorted.length));
    });
    values.clear();
  }

  /** Between the two values next to the place, as most programs for statistics do. */
  public static double at(double[] sorted, double part) {
    double place = part * (sorted.length - 1);
    int below = (int) place;
    double next = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (place - below) * (next - sorted[below]);
  }

  /** Writes all lines. */
  public void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }
}
