package io.bundlet.e2e.swap;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** One row of the table: what is exchanged, who is expected to notice, what was seen. */
final class Cell {
  final String bundle;
  final String expected;
  final StringBuilder seen = new StringBuilder();
  final Map<String, Onlooker.Seen> onlookers = new TreeMap<>();
  List<WitnessFiles.Event> events = List.of();
  long collectedMillis;

  Cell(String bundle, String expected) {
    this.bundle = bundle;
    this.expected = expected;
  }

  /** The bundles that had events. */
  TreeSet<String> touched() {
    TreeSet<String> names = new TreeSet<>();
    events.forEach(event -> names.add(event.bundle()));
    return names;
  }

  private static String words(Onlooker.Seen seen) {
    return (seen.restarts().isEmpty() ? "" : "started again after "
        + seen.restarts().stream().map(silence -> silence.millis() + " ms").toList() + " ")
        + (seen.problems().isEmpty() ? "" : seen.problems());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("%-34s | %s%n".formatted(bundle, expected));
    onlookers.forEach((name, one) -> text.append("    %-10s largest gap %5d ms over %4d beats %s%n".formatted(
        name, one.gapMillis(), one.beats(), words(one))));
    text.append("    observed: ").append(seen).append("class loaders collected after ").append(collectedMillis)
        .append(" ms\n    events:");
    String last = "";
    for (WitnessFiles.Event event : events) {
      String who = event.bundle() + " " + event.version();
      long at = event.millis() - events.getFirst().millis();
      text.append(who.equals(last) ? " " : "\n      " + who + " ").append(event.type()).append(" +").append(at);
      last = who;
    }
    return text.append('\n').toString();
  }
}
