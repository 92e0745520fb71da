package io.bundlet.shell;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a command or a container ended with which a session was: a Kubernetes {@code Status}, read as far as needed. */
final class SessionEnd {
  private static final int MAX_CODE = 255;

  private SessionEnd() {}

  /**
   * Returns if it ended well.
   *
   * @param said what the runtime said at the end; empty: nothing
   * @throws CommandFailure with the exit code, or with why there is none
   */
  static void check(byte[] said) throws CommandFailure {
    JsonNode status;
    try {
      status = JsonMapper.shared().readTree(said);
    } catch (JacksonException rubbish) {
      throw new CommandFailure("the session ended, and the runtime did not say clearly how");
    }
    if (status.path("status").asString("").equals("Success")) {
      return;
    }
    for (JsonNode cause : status.path("details").path("causes")) {
      int code = cause.path("message").asInt(-1);
      if (cause.path("reason").asString("").equals("ExitCode") && code >= 0 && code <= MAX_CODE) {
        throw new CommandFailure("the command ended with exit code " + code, Math.max(1, code));
      }
    }
    String message = status.path("message").asString("");
    throw new CommandFailure(
        message.isEmpty() ? "the session ended, and the runtime did not say how" : message);
  }
}
