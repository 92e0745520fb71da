package io.bundlet.shell;

/** A command cannot do what it was asked for; the message is for people. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
