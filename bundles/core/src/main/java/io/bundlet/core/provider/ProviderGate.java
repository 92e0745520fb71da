package io.bundlet.core.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets calls into a provider until it leaves. Closing stops new calls, interrupts those inside, and waits for them for
 * a bounded time, so that no call runs in a bundle that is gone.
 */
final class ProviderGate {
  private final String name;
  private final RuntimeProvider provider;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private final Set<Thread> inside = new HashSet<>();
  private boolean closed;

  ProviderGate(String name, RuntimeProvider provider) {
    this.name = name;
    this.provider = provider;
  }

  String name() {
    return name;
  }

  /** Enters the current thread. @throws ProviderFailure when the gate is closed */
  RuntimeProvider enter() throws ProviderFailure {
    lock.lock();
    try {
      if (closed) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the runtime provider " + name + " is leaving");
      }
      inside.add(Thread.currentThread());
      return provider;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      inside.remove(Thread.currentThread());
      left.signalAll();
    } finally {
      lock.unlock();
    }
    // An interrupt that came too late is not the next call's.
    Thread.interrupted();
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes the gate: calls inside may end by themselves for a while, as a start that is cut off may have run, then they
   * are interrupted.
   *
   * @return how many calls were still inside when the time was over
   */
  int close(Duration patience, Duration limit) {
    boolean interrupted = false;
    lock.lock();
    try {
      closed = true;
      interrupted = awaitEmpty(patience.toNanos());
      inside.forEach(Thread::interrupt);
      interrupted |= awaitEmpty(limit.toNanos());
      return inside.size();
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Under the lock. @return whether the waiting thread was interrupted */
  private boolean awaitEmpty(long nanos) {
    boolean interrupted = false;
    long rest = nanos;
    while (!inside.isEmpty() && rest > 0) {
      try {
        rest = left.awaitNanos(rest);
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
