package io.bundlet.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableScreenTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String taken() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  @Test
  void drawsOnlyWhatChanges() {
    TableScreen screen = new TableScreen(new PrintStream(out, false, StandardCharsets.UTF_8), 60, false);
    List<PodRow> rows = List.of(new PodRow("web", "Running", "1/1", 0, ""));
    screen.table(rows);
    screen.flush();
    String table = "POD  STATE    READY  RESTARTS  REASON\nweb  Running  1/1    0\n";
    assertEquals(table, taken());
    screen.table(rows);
    screen.flush();
    assertEquals("", taken());
    screen.line("web/main | \u001b[2Jhello\u0007");
    screen.flush();
    assertEquals("\u001b[2A\r\u001b[Jweb/main | ?[2Jhello?\n" + table, taken());
  }

  @Test
  void neverWiderThanTheTerminal() {
    TableScreen screen = new TableScreen(new PrintStream(out, false, StandardCharsets.UTF_8), 30, false);
    screen.table(List.of(new PodRow("web", "Running", "1/1", 0, "a reason that is much too long for it")));
    screen.flush();
    assertEquals(29, taken().lines().mapToInt(String::length).max().orElse(0));
  }
}
