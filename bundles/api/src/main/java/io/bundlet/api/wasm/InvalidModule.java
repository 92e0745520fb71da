package io.bundlet.api.wasm;

/** A module that cannot be run; the message says what is wrong with it and where. */
public final class InvalidModule extends Exception {
  public InvalidModule(String message) {
    super(message);
  }

  public InvalidModule(String message, Throwable cause) {
    super(message, cause);
  }
}
