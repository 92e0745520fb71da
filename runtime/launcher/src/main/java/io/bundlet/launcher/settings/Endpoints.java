package io.bundlet.launcher.settings;

/** How sockets of runtimes are written. */
final class Endpoints {
  private Endpoints() {}

  /** A path is one of a socket. */
  static String endpoint(Value value) throws SettingsFailure {
    String text = value.text();
    if (text.startsWith("/")) {
      return "unix://" + text;
    }
    if (!text.startsWith("unix:///")) {
      throw value.failure("'" + text + "' is no socket such as unix:///run/containerd/containerd.sock");
    }
    return text;
  }
}
