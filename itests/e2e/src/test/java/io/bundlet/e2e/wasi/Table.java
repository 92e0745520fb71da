package io.bundlet.e2e.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table that is printed, and kept in a file below {@code target}. */
final class Table {
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  Table(String name) {
    this.file = Path.of("target", name);
  }

  void row(Object... cells) {
    StringBuilder line = new StringBuilder("|");
    for (Object each : cells) {
      line.append(' ').append(each.toString().replace('|', '/').replace('\n', ' ')).append(" |");
    }
    lines.add(line.toString());
  }

  void write() throws IOException {
    lines.forEach(System.out::println);
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
