package io.bundlet.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The lines of a program, each with the moment at which it was heard here. Used by one thread at a time. */
final class Heard {
  private final List<String> lines = new ArrayList<>();
  private final List<Long> moments = new ArrayList<>();

  /** Takes a line in that has just come. */
  void line(String line) {
    moments.add(System.nanoTime());
    lines.add(line);
  }

  /** Nanoseconds between the lines that begin with these words. @throws IOException when there are none such */
  long nanos(String from, String to) throws IOException {
    return at(to) - at(from);
  }

  /** When the line that begins with this word came, as {@link System#nanoTime} tells it. */
  long at(String word) throws IOException {
    return moments.get(find(word));
  }

  /** The line that begins with this word. */
  String starting(String word) throws IOException {
    return lines.get(find(word));
  }

  /** Whether there is a line that begins with this word. */
  boolean has(String word) {
    return lines.stream().anyMatch(line -> line.startsWith(word));
  }

  private int find(String word) throws IOException {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(word)) {
        return i;
      }
    }
    throw new IOException("no line '" + word + "' in " + lines);
  }
}
