package io.bundlet.wasmhost.modules;

import io.bundlet.api.wasm.HostModule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One bound host module and the guests that use it. */
final class ModuleGate {
  /** Whether guests may go in: they stay seated while this is {@code OPEN}. */
  private enum State {
    OPEN,
    /** Another module of the name is preferred. */
    PASSED,
    CLOSED
  }

  private final int ranking;
  private final long id;
  private final Set<ModuleSeat> seats = ConcurrentHashMap.newKeySet();
  private volatile HostModule module;
  private volatile State state = State.PASSED;

  ModuleGate(HostModule module, int ranking, long id) {
    this.module = module;
    this.ranking = ranking;
    this.id = id;
  }

  /** The module; null once the gate is closed and empty, so that seats of guests that sleep hold nothing of it. */
  HostModule module() {
    return module;
  }

  /** Whether this one is to be used before the other: by ranking, then the older one, as OSGi orders services. */
  boolean before(ModuleGate other) {
    return ranking != other.ranking ? ranking > other.ranking : id < other.id;
  }

  /** Whether it is the one of its name to be used; until it is closed that may change both ways. */
  synchronized void preferred(boolean yes) {
    if (state != State.CLOSED) {
      state = yes ? State.OPEN : State.PASSED;
    }
  }

  boolean open() {
    return state == State.OPEN;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  /** Lets a guest sit here. */
  void seat(ModuleSeat seat) {
    seats.add(seat);
  }

  /** A guest sits elsewhere, or ends. */
  void unseat(ModuleSeat seat) {
    seats.remove(seat);
  }

  /** A guest has left after the gate was closed. */
  synchronized void left() {
    notifyAll();
  }

  /** Lets nobody in any more and waits for those inside, interrupting them after a while. @return whether all left */
  boolean close(Duration patience, Duration afterInterrupt) throws InterruptedException {
    synchronized (this) {
      state = State.CLOSED;
    }
    try {
      boolean empty = awaitEmpty(patience);
      if (!empty) {
        interruptOthers();
        empty = awaitEmpty(afterInterrupt);
      }
      return empty;
    } finally {
      // Also when nobody can wait any longer.
      module = null;
      seats.clear();
    }
  }

  /** In the lock that a guest takes when it leaves a closed gate: none is interrupted that has gone on. */
  private synchronized void interruptOthers() {
    others().forEach(ModuleSeat::interrupt);
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

  private List<ModuleSeat> others() {
    return seats.stream().filter(ModuleSeat::ofAnother).toList();
  }
}
