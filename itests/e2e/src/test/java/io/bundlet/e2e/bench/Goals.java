package io.bundlet.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was to be reached, beside what was measured. */
final class Goals {
  private final List<String> rows = new ArrayList<>();

  /** Takes a measured value in. @param most what it may be */
  void add(String what, double value, double most) {
    rows.add(String.format(
        Locale.ROOT, "| %s | %.2f | <= %.2f | %s |", what, value, most, value <= most ? "met" : "NOT MET"));
  }

  /** The same for what is better when it is more. @param least what it may be */
  void addAtLeast(String what, double value, double least) {
    rows.add(String.format(
        Locale.ROOT, "| %s | %.2f | >= %.2f | %s |", what, value, least, value >= least ? "met" : "NOT MET"));
  }

  /** Prints all of them. */
  void print(SpeedTable table) {
    table.line("");
    table.line("| goal | value | to be | |");
    table.line("|---|---|---|---|");
    rows.forEach(table::line);
  }
}
