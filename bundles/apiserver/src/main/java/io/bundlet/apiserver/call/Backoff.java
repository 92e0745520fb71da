package io.bundlet.apiserver.call;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits between tries that fail: doubling, each shortened by up to a half at random, so that the nodes of a cluster do
 * not come all at once. A wait that the server itself asks for goes first. Not for several threads at a time.
 */
public final class Backoff {
  /** No server keeps a node away for longer, whatever it says. */
  public static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

  private final Duration first;
  private final Duration longest;
  private int failures;

  /** Waits from {@code first}, doubling, to {@code longest}. */
  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  /** How long to wait after one more failure. */
  public Duration next(Throwable failure) {
    Duration whole = first.multipliedBy(1L << Math.min(failures++, 20));
    long millis = (whole.compareTo(longest) > 0 ? longest : whole).toMillis();
    Duration own = Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    Duration asked = failure instanceof ServerFailure refused ? refused.retryAfter() : Duration.ZERO;
    Duration bounded = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    return bounded.compareTo(own) > 0 ? bounded : own;
  }

  /** How many failures came one after another. */
  public int failures() {
    return failures;
  }

  /** It went well: the next wait is the first one again. */
  public void reset() {
    failures = 0;
  }
}
