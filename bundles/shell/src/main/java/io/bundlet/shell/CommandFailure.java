package io.bundlet.shell;

/** A command cannot do what it was asked for; the message is for people. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int FAILED = 1;

  private final int exitCode;

  CommandFailure(String message) {
    this(message, FAILED);
  }

  /** @param exitCode what {@code bundlet shell} ends with; from 1 to 255 */
  CommandFailure(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
