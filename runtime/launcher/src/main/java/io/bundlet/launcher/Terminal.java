package io.bundlet.launcher;

import java.util.Map;

/** What the start script found out about where the output goes. */
final class Terminal {
  private Terminal() {}

  /** {@code plain}, {@code table}, or {@code table-color}. */
  static String mode(Map<String, String> environment) {
    if (!environment.containsKey("BUNDLET_TERMINAL") || "dumb".equals(environment.get("TERM"))) {
      return "plain";
    }
    // See no-color.org: present and not empty, whatever it says.
    return environment.getOrDefault("NO_COLOR", "").isEmpty() ? "table-color" : "table";
  }

  static String columns(Map<String, String> environment) {
    String size = environment.getOrDefault("BUNDLET_TERMINAL", "");
    String columns = size.substring(size.indexOf(' ') + 1);
    return columns.matches("[1-9][0-9]{0,3}") ? columns : "80";
  }
}
