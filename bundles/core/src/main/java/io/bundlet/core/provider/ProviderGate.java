package io.bundlet.core.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets calls into a provider until it leaves. Closing stops new calls, interrupts those inside, and waits for them for a
 * bounded time, so that no call runs in a bundle that is gone.
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

  /** Closes the gate. @return how many calls were still inside when the time was over */
  int close(Duration limit) {
    boolean interrupted = false;
    long left = limit.toNanos();
    lock.lock();
    try {
      closed = true;
      inside.forEach(Thread::interrupt);
      while (!inside.isEmpty() && left > 0) {
        try {
          left = this.left.awaitNanos(left);
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      return inside.size();
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
