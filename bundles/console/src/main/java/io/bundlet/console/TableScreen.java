package io.bundlet.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines, and under them a table that is always up to date. Sends to the terminal only what has changed: nothing while
 * nothing happens.
 */
final class TableScreen implements Screen {
  private static final String UP = "\u001b[%dA";
  private static final String ERASE_BELOW = "\u001b[J";
  private static final String RESET = "\u001b[0m";
  private static final int MAX_ROWS = 20;

  private final PrintStream out;
  private final int columns;
  private final boolean colors;
  private final List<String> lines = new ArrayList<>();
  private List<String> table = List.of();
  private List<String> drawn = List.of();

  TableScreen(PrintStream out, int columns, boolean colors) {
    this.out = out;
    this.columns = Math.max(20, columns);
    this.colors = colors;
  }

  @Override
  public void line(String text) {
    lines.add(printable(text));
  }

  @Override
  public void problem(String text) {
    lines.add(colored(printable(text), "31"));
  }

  @Override
  public void table(List<PodRow> rows) {
    if (rows.isEmpty()) {
      table = List.of();
      return;
    }
    int pod = Math.max(3, rows.stream().mapToInt(row -> row.pod().length()).max().orElse(0));
    int state = Math.max(5, rows.stream().mapToInt(row -> row.state().length()).max().orElse(0));
    String format = "%-" + pod + "s  %-" + state + "s  %-5s  %-8s  %s";
    List<String> text = new ArrayList<>();
    text.add(colored(cut(String.format(format, "POD", "STATE", "READY", "RESTARTS", "REASON")), "1"));
    for (PodRow row : rows.subList(0, Math.min(rows.size(), MAX_ROWS))) {
      String line = cut(String.format(format, row.pod(), row.state(), row.ready(), row.restarts(), row.reason()));
      text.add(colored(printable(line), color(row)));
    }
    if (rows.size() > MAX_ROWS) {
      text.add("... and " + (rows.size() - MAX_ROWS) + " more");
    }
    table = text;
  }

  private static String color(PodRow row) {
    return switch (row.state()) {
      case "Running", "Succeeded" -> row.reason().isEmpty() ? "32" : "33";
      case "Failed", "Rejected" -> "31";
      default -> "33";
    };
  }

  @Override
  public void flush() {
    if (lines.isEmpty() && table.equals(drawn)) {
      return;
    }
    StringBuilder text = new StringBuilder();
    if (!drawn.isEmpty()) {
      text.append(String.format(UP, drawn.size())).append('\r').append(ERASE_BELOW);
    }
    lines.forEach(line -> text.append(line).append('\n'));
    table.forEach(line -> text.append(line).append('\n'));
    lines.clear();
    drawn = table;
    out.print(text);
    out.flush();
  }

  private String cut(String line) {
    String stripped = line.stripTrailing();
    return stripped.length() < columns ? stripped : stripped.substring(0, columns - 1);
  }

  private String colored(String text, String code) {
    return colors ? "\u001b[" + code + "m" + text + RESET : text;
  }

  /** A guest must not move the cursor, ring the bell or rename the window. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints().forEach(c -> printable.appendCodePoint(c != '\t' && Character.isISOControl(c) ? '?' : c));
    return printable.toString();
  }
}
