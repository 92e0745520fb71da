package io.bundlet.core.time;

import io.bundlet.api.runtime.ProviderFailure;
import java.time.Duration;

/**
 * Growing waits. Level 0 is no wait, level 1 the first, and each further level doubles it up to the longest.
 *
 * @param first the wait of level 1
 * @param longest the longest wait
 */
public record BackOff(Duration first, Duration longest) {
  /** Crashed containers and image pulls: 10 s doubling to 5 min, as the Kubernetes kubelet does. */
  public static final BackOff RESTART = new BackOff(Duration.ofSeconds(10), Duration.ofMinutes(5));

  /** Things below the node that are tried again: 500 ms doubling to 30 s. */
  public static final BackOff RETRY = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30));

  /** How long a container must have run for its back-off to start anew, as in the Kubernetes kubelet. */
  public static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  /**
   * The level that retries of what cannot be reached do not exceed: when it comes back, it is found within two
   * seconds.
   */
  private static final int UNAVAILABLE_LEVEL = 3;

  /** The next level after this failure. */
  public static int next(int level, ProviderFailure failure) {
    boolean unavailable = failure.kind().equals(ProviderFailure.UNAVAILABLE);
    return unavailable ? Math.min(level + 1, UNAVAILABLE_LEVEL) : level + 1;
  }

  /** The wait of this level; 0 or less is no wait. */
  public Duration wait(int level) {
    if (level <= 0) {
      return Duration.ZERO;
    }
    Duration wait = level > 30 ? longest : first.multipliedBy(1L << (level - 1));
    return wait.compareTo(longest) > 0 ? longest : wait;
  }
}
