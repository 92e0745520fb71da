package io.bundlet.wasmhost.engines;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.linux.Priority;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiles modules, two at a time. Any thread; blocks; an interrupt ends the wait at once. */
public final class Compiler {
  private static final int AT_ONCE = 2;
  private static final int WAITING = 1000;
  /** Yields to the node's own work, but not to guests. The engines' own helper threads inherit it. */
  private static final int NICENESS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Compiler.class);

  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final Duration limit;

  /** @param limit how long one compile may take, its wait for a place included */
  public Compiler(Duration limit) {
    this.limit = limit;
  }

  /**
   * Compiles.
   *
   * @param who the container, for messages
   * @throws ProviderFailure {@link ProviderFailure#INVALID} with the module's defect,
   *     {@link ProviderFailure#UNAVAILABLE} when the engine goes away or the caller is interrupted,
   *     {@link ProviderFailure#EXHAUSTED} when too many wait, {@link ProviderFailure#DEADLINE}
   */
  public CompiledModule compile(String who, EngineSlot slot, GuestSpec spec) throws ProviderFailure {
    if (places.getQueueLength() > WAITING) {
      throw ProviderFailure.of(
          ProviderFailure.EXHAUSTED, who + ": " + WAITING + " modules wait to be compiled already");
    }
    long end = System.nanoTime() + limit.toNanos();
    Work work = new Work(slot, spec, places);
    try {
      if (!places.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw late(who);
      }
      work.start(who);
      return work.result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      work.abandon();
      Thread.currentThread().interrupt();
      throw ProviderFailure.outcomeUnknown(
          ProviderFailure.UNAVAILABLE, who + ": interrupted while it was compiled", e);
    } catch (TimeoutException e) {
      work.abandon();
      throw late(who);
    } catch (ExecutionException e) {
      throw failure(who, slot, e.getCause());
    }
  }

  private ProviderFailure late(String who) {
    return ProviderFailure.of(
        ProviderFailure.DEADLINE, who + ": not compiled within " + limit.toSeconds()
        + " s; split the module, or build it smaller");
  }

  private static ProviderFailure failure(String who, EngineSlot slot, Throwable cause) {
    if (!slot.open()) {
      return ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, who + ": engine " + slot.name() + " was removed while it compiled");
    }
    if (cause instanceof InvalidModule) {
      return ProviderFailure.of(ProviderFailure.INVALID, who + ": " + cause.getMessage());
    }
    if (cause instanceof OutOfMemoryError) {
      return ProviderFailure.of(
          ProviderFailure.EXHAUSTED, who + ": there is not enough memory to compile it");
    }
    return ProviderFailure.of(
        ProviderFailure.INTERNAL,
        who + ": engine " + slot.name() + " failed to compile it: " + cause);
  }

  /** One compile on a thread of its own. Gives its place back by itself, also when nobody waits any more. */
  private static final class Work {
    final CompletableFuture<CompiledModule> result = new CompletableFuture<>();
    private final EngineSlot slot;
    private final GuestSpec spec;
    private final Semaphore places;
    private Thread thread;

    Work(EngineSlot slot, GuestSpec spec, Semaphore places) {
      this.slot = slot;
      this.spec = spec;
      this.places = places;
    }

    void start(String who) {
      thread =
          Thread.ofPlatform()
              .name("compile " + who)
              .stackSize(slot.info().stackBytes())
              .daemon()
              .inheritInheritableThreadLocals(false)
              .unstarted(this::run);
      thread.setContextClassLoader(null);
      try {
        thread.start();
      } catch (OutOfMemoryError noThread) {
        places.release();
        result.completeExceptionally(noThread);
      }
    }

    /** Nobody wants the result any more. */
    void abandon() {
      if (thread == null) {
        return;
      }
      thread.interrupt();
      result.whenComplete((module, failure) -> EngineSlot.discard(module));
    }

    private void run() {
      try {
        Priority.nice(NICENESS);
      } catch (IOException | RuntimeException | LinkageError e) {
        LOG.warn("{} runs at normal priority: {}", Thread.currentThread().getName(), e.getMessage());
      }
      WasmEngine engine = slot.begin();
      CompiledModule module = null;
      Throwable failure = null;
      try {
        if (engine == null) {
          throw new InvalidModule("engine " + slot.name() + " is gone");
        }
        module = engine.compile(spec.module(), spec.digest(), spec.limits());
      } catch (InvalidModule | RuntimeException | Error e) {
        failure = e;
      } finally {
        engine = null;
        slot.end();
        places.release();
      }
      if (failure != null) {
        result.completeExceptionally(failure);
      } else if (slot.open()) {
        result.complete(module);
      } else {
        EngineSlot.discard(module);
        result.completeExceptionally(new InvalidModule("engine " + slot.name() + " is gone"));
      }
    }
  }
}
