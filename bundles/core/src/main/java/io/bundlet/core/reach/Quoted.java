package io.bundlet.core.reach;

/** Text from outside, made fit for a message: in quotes, short, on one line. */
public final class Quoted {
  private static final int LIMIT = 200;

  private Quoted() {}

  /** The text's first 200 characters in quotes, with control characters spelled out. */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().limit(LIMIT).forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (Character.isISOControl(c)) {
        quoted.append("\\x%02x".formatted(c));
      } else {
        quoted.append((char) c);
      }
    });
    return quoted.append(text.length() > LIMIT ? "..." : "").append('"').toString();
  }
}
