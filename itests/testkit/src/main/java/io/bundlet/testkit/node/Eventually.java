package io.bundlet.testkit.node;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for something to come about, looking again every few milliseconds. */
public final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Eventually() {}

  /** Waits until it is so. @throws AssertionError naming {@code what} when it did not come about in time */
  public static void until(String what, Duration limit, Callable<Boolean> so) {
    value(what, limit, () -> so.call() ? Optional.of(true) : Optional.empty());
  }

  /** The same for many at once, each of which looks less often. */
  public static void until(String what, Duration limit, Duration pause, Callable<Boolean> so) {
    value(what, limit, pause, () -> so.call() ? Optional.of(true) : Optional.empty());
  }

  /** Waits until there is a value. @throws AssertionError naming {@code what} when none came in time */
  public static <T> T value(String what, Duration limit, Callable<Optional<T>> source) {
    return value(what, limit, PAUSE, source);
  }

  private static <T> T value(String what, Duration limit, Duration pause, Callable<Optional<T>> source) {
    long end = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (true) {
      try {
        Optional<T> found = source.call();
        if (found.isPresent()) {
          return found.get();
        }
        last = null;
      } catch (Exception notYet) {
        last = notYet;
      }
      if (System.nanoTime() - end > 0) {
        String seen = last == null ? "" : ", but " + last.getMessage();
        throw new AssertionError("it did not come about within " + limit + ": " + what + seen, last);
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }
}
