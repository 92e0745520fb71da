package io.bundlet.api.admin;

/** The node did not do what it was asked; the message says why and what to do. Nothing has changed. */
public final class AdminFailure extends Exception {
  public AdminFailure(String message) {
    super(message);
  }

  public AdminFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
