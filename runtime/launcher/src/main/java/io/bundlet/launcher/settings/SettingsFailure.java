package io.bundlet.launcher.settings;

/** A file cannot be used; the message has its name, the line and the key, and says what is wrong. */
public final class SettingsFailure extends Exception {
  private static final long serialVersionUID = 1L;

  SettingsFailure(String message) {
    super(message);
  }
}
