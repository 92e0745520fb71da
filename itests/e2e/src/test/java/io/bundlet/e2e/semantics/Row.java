package io.bundlet.e2e.semantics;

import io.bundlet.testkit.pods.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A row of the table.
 *
 * @param id names it, and its pod
 * @param source the paragraph of the notes on the kubelet's behaviour that it was taken from, and the rule
 * @param runtimes where it applies
 * @param pod the pod, as {@link io.bundlet.testkit.pods.PodManifest} reads it
 * @param steps what is done, separated by semicolons; may be empty
 * @param expected what must be seen then
 */
record Row(String id, String source, List<Runtime> runtimes, String pod, String steps, String expected) {
  /** Reads a file with a headline; a field in quotes may have commas, lines and doubled quotes. */
  static List<Row> read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (List<String> fields : csv(Files.readString(file))) {
      if (fields.size() != 6) {
        throw new IllegalArgumentException(file + ": six fields are expected in " + fields);
      }
      List<Runtime> runtimes =
          Stream.of(fields.get(2).split(" ")).map(word -> Runtime.valueOf(word.toUpperCase(Locale.ROOT))).toList();
      rows.add(new Row(fields.get(0), fields.get(1), runtimes, fields.get(3), fields.get(4), fields.get(5)));
    }
    return rows;
  }

  private static List<List<String>> csv(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean headline = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean doubled = quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
      if (doubled) {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (quoted || c != ',' && c != '\n') {
        field.append(c);
      } else {
        fields.add(field.toString().strip());
        field.setLength(0);
        if (c == '\n') {
          if (!headline && fields.size() > 1) {
            rows.add(fields);
          }
          headline = false;
          fields = new ArrayList<>();
        }
      }
    }
    return rows;
  }

  static String field(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
