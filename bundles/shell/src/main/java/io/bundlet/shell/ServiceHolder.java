package io.bundlet.shell;

import java.time.Duration;

/** A service that may be away for a moment, while the bundle that offers it is exchanged. Any thread. */
final class ServiceHolder<S> {
  private final String what;
  private final Duration patience;
  private S service;

  ServiceHolder(String what, Duration patience) {
    this.what = what;
    this.patience = patience;
  }

  synchronized void bind(S bound) {
    service = bound;
    notifyAll();
  }

  synchronized void unbind(S unbound) {
    if (service == unbound) {
      service = null;
    }
  }

  /** The service; waits for it. */
  synchronized S get() throws CommandFailure, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (service == null) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new CommandFailure(what + " is not there now; 'lb' and 'provider:list' show what keeps it");
      }
      wait(left);
    }
    return service;
  }
}
