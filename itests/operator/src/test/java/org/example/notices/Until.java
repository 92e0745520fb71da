package org.example.notices;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for something to come about. */
final class Until {
  private Until() {}

  static void so(String what, Callable<Boolean> so) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!so.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it did not come about: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
