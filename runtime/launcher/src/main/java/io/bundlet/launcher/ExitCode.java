package io.bundlet.launcher;

/** What the command's exit code says. */
final class ExitCode {
  /** Done; for {@code run}: all pods that can end have succeeded. */
  static final int OK = 0;
  /** A pod has failed, a manifest cannot be used, or a shell command reported an error. */
  static final int FAILED = 1;
  /** The command line cannot be understood. */
  static final int USAGE = 2;
  /** The node could not start. */
  static final int NOT_STARTED = 3;
  /** There is no node to talk to. */
  static final int NO_NODE = 4;
  /** A second Ctrl-C ended the node at once: 128 + SIGINT. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
