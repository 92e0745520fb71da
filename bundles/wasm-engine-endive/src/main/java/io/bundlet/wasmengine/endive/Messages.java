package io.bundlet.wasmengine.endive;

/** The text of an exception for people: one line, never empty. */
final class Messages {
  private static final int MOST = 300;

  private Messages() {}

  static String of(Throwable thrown) {
    String text = thrown.getMessage();
    if (text == null || text.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    String line = text.lines().findFirst().orElse("").strip();
    return line.length() > MOST ? line.substring(0, MOST) + "..." : line;
  }
}
