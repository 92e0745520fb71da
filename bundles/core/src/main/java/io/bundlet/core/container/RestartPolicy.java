package io.bundlet.core.container;

import java.util.Optional;
import java.util.stream.Stream;

/** When a container that has ended is made again. The names are those of the manifest. */
public enum RestartPolicy {
  /** However it ended. */
  Always,
  /** When it ended with a code other than 0. */
  OnFailure,
  /** Not at all. */
  Never;

  /** The policy with this name, if there is one. */
  public static Optional<RestartPolicy> named(String name) {
    return Stream.of(values()).filter(policy -> policy.name().equals(name)).findFirst();
  }

  /** Whether a container that ended with this code is made again. */
  public boolean restarts(int exitCode) {
    return switch (this) {
      case Always -> true;
      case OnFailure -> exitCode != 0;
      case Never -> false;
    };
  }
}
