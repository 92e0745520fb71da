package io.bundlet.e2e.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times of several who took part in the same rounds; compares them round by round. */
final class Comparison {
  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  /** Takes a time of this round in. */
  void add(String who, long nanos) {
    millis.computeIfAbsent(who, any -> new ArrayList<>()).add(nanos / 1e6);
  }

  /** Rows of a table. @param base whom the others are compared with */
  void print(SpeedTable table, String what, String base) {
    millis.forEach((who, times) -> table.line("| " + what + " | " + who + " | " + quartiles(sorted(times), "%.0f")
        + (who.equals(base) ? " | | |" : " | " + quartiles(ratios(who, base), "%.3f") + " | "
        + quartiles(differences(who, base), "%.1f") + " |")));
  }

  /** The median of what it takes longer than the other in the same round. */
  double difference(String who, String base) {
    return SpeedTable.at(differences(who, base), 0.5);
  }

  /** The median of how many times it takes as long as the other in the same round. */
  double ratio(String who, String base) {
    return SpeedTable.at(ratios(who, base), 0.5);
  }

  private double[] ratios(String who, String base) {
    return sorted(pairs(who, base).stream().map(pair -> pair[0] / pair[1]).toList());
  }

  private double[] differences(String who, String base) {
    return sorted(pairs(who, base).stream().map(pair -> pair[0] - pair[1]).toList());
  }

  private List<double[]> pairs(String who, String base) {
    List<double[]> pairs = new ArrayList<>();
    for (int round = 0; round < millis.get(who).size(); round++) {
      pairs.add(new double[] {millis.get(who).get(round), millis.get(base).get(round)});
    }
    return pairs;
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static String quartiles(double[] sorted, String format) {
    return String.format(Locale.ROOT, format + " [" + format + " - " + format + "]",
        SpeedTable.at(sorted, 0.5), SpeedTable.at(sorted, 0.25), SpeedTable.at(sorted, 0.75));
  }
}
