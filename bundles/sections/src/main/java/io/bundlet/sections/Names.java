package io.bundlet.sections;

/** Makes names that a module chose fit for a message. */
public final class Names {
  private static final int LONGEST = 80;

  private Names() {}

  /** The name with everything but printable characters replaced, and shortened to 80 characters. */
  public static String printable(String name) {
    return printable(name, LONGEST);
  }

  /** The text with everything but printable characters replaced, and shortened to so many characters. */
  public static String printable(String name, int longest) {
    StringBuilder text = new StringBuilder();
    int[] points = name.codePoints().limit(longest + 1L).toArray();
    for (int i = 0; i < points.length && i < longest; i++) {
      text.appendCodePoint(isPrintable(points[i]) ? points[i] : '?');
    }
    return points.length > longest ? text + "..." : text.toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE -> false;
      default -> true;
    };
  }
}
