package io.bundlet.api.admin;

/** A bundle could not be installed, exchanged or removed; the message says which, why, and what to do. */
public final class PluginFailure extends Exception {
  public PluginFailure(String message) {
    super(message);
  }

  public PluginFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
