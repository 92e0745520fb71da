package io.bundlet.wasmhost.modules;

import io.bundlet.api.wasm.HostModule;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One bound host module and the threads that are inside it now. */
final class ModuleGate {
  private final HostModule module;
  private final int ranking;
  private final long id;
  private final Set<Thread> inside = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ModuleGate(HostModule module, int ranking, long id) {
    this.module = module;
    this.ranking = ranking;
    this.id = id;
  }

  HostModule module() {
    return module;
  }

  /** Whether this one is to be used before the other: by ranking, then the older one, as OSGi orders services. */
  boolean before(ModuleGate other) {
    return ranking != other.ranking ? ranking > other.ranking : id < other.id;
  }

  /** Lets the calling thread in, unless the gate is closed. A thread is in at most once. */
  boolean enter() {
    inside.add(Thread.currentThread());
    if (closed) {
      leave();
      return false;
    }
    return true;
  }

  void leave() {
    inside.remove(Thread.currentThread());
    if (closed) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Lets nobody in any more and waits for those inside, interrupting them after a while. @return whether all left */
  boolean close(Duration patience, Duration afterInterrupt) throws InterruptedException {
    closed = true;
    if (awaitEmpty(patience)) {
      return true;
    }
    others().forEach(Thread::interrupt);
    return awaitEmpty(afterInterrupt);
  }

  private synchronized boolean awaitEmpty(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!others().isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private Set<Thread> others() {
    Set<Thread> others = new HashSet<>(inside);
    others.remove(Thread.currentThread());
    return others;
  }
}
