package io.bundlet.wasmhost.engines;

import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.WasmEngine;
import java.util.HashSet;
import java.util.Set;

/**
 * One bound engine. Nothing but this holds it, and this lets go of it when it is unbound, so that whoever remembers the
 * slot does not keep the engine's classes.
 */
public final class EngineSlot {
  private final String name;
  private final int ranking;
  private final long id;
  private final EngineInfo info;
  private final Set<Thread> compiling = new HashSet<>();
  private WasmEngine engine;

  EngineSlot(String name, WasmEngine engine, int ranking, long id) {
    this.name = name;
    this.engine = engine;
    this.ranking = ranking;
    this.id = id;
    this.info = engine.info();
  }

  public String name() {
    return name;
  }

  public EngineInfo info() {
    return info;
  }

  /** False once it is unbound. */
  public synchronized boolean open() {
    return engine != null;
  }

  boolean before(EngineSlot other) {
    return ranking != other.ranking ? ranking > other.ranking : id < other.id;
  }

  synchronized WasmEngine engine() {
    return engine;
  }

  /** Interrupts the compiles that go on and lets go of the engine. */
  synchronized void close() {
    engine = null;
    compiling.forEach(Thread::interrupt);
  }

  /** Notes that the calling thread compiles. @return the engine, or null when it is gone */
  synchronized WasmEngine begin() {
    if (engine != null) {
      compiling.add(Thread.currentThread());
    }
    return engine;
  }

  synchronized void end() {
    compiling.remove(Thread.currentThread());
    notifyAll();
  }

  /** Gives a module that was compiled for nobody back, and hides its errors from the one who did not want it. */
  static void discard(CompiledModule module) {
    if (module != null) {
      module.close();
    }
  }

  /** Waits until no compile is going on. @return whether none is */
  public synchronized boolean awaitIdle(long untilNanos) throws InterruptedException {
    while (!compiling.isEmpty()) {
      long left = (untilNanos - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
