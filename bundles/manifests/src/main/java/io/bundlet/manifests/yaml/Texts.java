package io.bundlet.manifests.yaml;

/** Text of a file on its way into a message. */
public final class Texts {
  private static final int SHOWN = 60;

  private Texts() {}

  /** At most 60 characters of the text, control characters made visible. */
  public static String shortened(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? '?' : c);
    }
    return text.length() > SHOWN ? shown + "..." : shown.toString();
  }
}
