package io.bundlet.core.container;

/** When a container that has ended is made again. The names are those of the manifest. */
public enum RestartPolicy {
  /** However it ended. */
  Always,
  /** When it ended with a code other than 0. */
  OnFailure,
  /** Not at all. */
  Never;

  /** Whether a container that ended with this code is made again. */
  public boolean restarts(int exitCode) {
    return switch (this) {
      case Always -> true;
      case OnFailure -> exitCode != 0;
      case Never -> false;
    };
  }
}
