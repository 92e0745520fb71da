package io.bundlet.shell;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a command or a container ended with which a session was: a Kubernetes {@code Status}, read as far as needed. */
final class SessionEnd {
  private static final Pattern SUCCESS = Pattern.compile("\"status\"\\s*:\\s*\"Success\"");
  private static final Pattern EXIT_CODE =
      Pattern.compile("\"reason\"\\s*:\\s*\"ExitCode\"\\s*,\\s*\"message\"\\s*:\\s*\"(\\d{1,3})\"");
  private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final int MAX_CODE = 255;

  private SessionEnd() {}

  /**
   * Returns if it ended well.
   *
   * @param status what the runtime said at the end; empty: nothing
   * @throws CommandFailure with the exit code, or with why there is none
   */
  static void check(byte[] status) throws CommandFailure {
    String text = new String(status, StandardCharsets.UTF_8);
    if (SUCCESS.matcher(text).find()) {
      return;
    }
    Matcher code = EXIT_CODE.matcher(text);
    if (code.find() && Integer.parseInt(code.group(1)) <= MAX_CODE) {
      int exit = Integer.parseInt(code.group(1));
      throw new CommandFailure("the command ended with exit code " + exit, Math.max(1, exit));
    }
    Matcher message = MESSAGE.matcher(text);
    throw new CommandFailure(
        message.find() ? message.group(1).replace("\\\"", "\"").replace("\\\\", "\\")
        : "the session ended, and the runtime did not say how");
  }
}
