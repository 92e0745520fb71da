package io.bundlet.wasmhost.modules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.HostModule;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ModuleCallsTest {
  private static final FunctionType NOTHING_TO_INT = new FunctionType(List.of(), List.of("i32"));
  private static final FunctionImport VERSION = new FunctionImport("echo", "version", NOTHING_TO_INT);

  private record Echo(long version) implements HostModule {
    @Override
    public Map<String, FunctionType> functions() {
      return Map.of("version", NOTHING_TO_INT);
    }

    @Override
    public boolean rebindable() {
      return true;
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) {
      results[0] = version;
    }
  }

  private final HostModules modules = new HostModules();
  private final AtomicLong counted = new AtomicLong();
  private final ModuleCalls calls = new ModuleCalls(modules, null, counted, Duration.ofSeconds(20));

  /** A guest that is started at the very moment in which its module is exchanged starts. */
  @Test
  void aModuleThatIsBeingExchangedIsLinkedAndCalledWhenItIsBack() throws Exception {
    Echo first = new Echo(1);
    modules.add("echo", first, 0, 1);
    modules.remove("echo", first);
    HostFunction linked = calls.find(VERSION).orElseThrow();
    modules.add("echo", new Echo(2), 0, 2);
    long[] results = new long[1];
    linked.call(null, new long[0], results);
    assertEquals(2, results[0]);
    assertEquals(1, counted.get());
  }

  @Test
  void whatNobodyOffersIsNotFound() {
    assertTrue(calls.find(VERSION).isEmpty());
    modules.add("echo", new Echo(1), 0, 1);
    assertTrue(calls.find(VERSION).isPresent());
    assertTrue(calls.find(new FunctionImport("echo", "other", NOTHING_TO_INT)).isEmpty());
    assertTrue(calls.find(new FunctionImport("echo", "version", new FunctionType(List.of(), List.of()))).isEmpty());
  }

  private long version(HostFunction linked) throws Exception {
    long[] results = new long[1];
    linked.call(null, new long[0], results);
    return results[0];
  }

  @Test
  void aGuestThatCallsUsesTheOneThatIsPreferredNow() throws Exception {
    Echo first = new Echo(1);
    Echo second = new Echo(2);
    modules.add("echo", first, 0, 1);
    HostFunction linked = calls.find(VERSION).orElseThrow();
    assertEquals(1, version(linked));
    modules.add("echo", second, 5, 2);
    assertEquals(2, version(linked));
    modules.remove("echo", second);
    assertEquals(1, version(linked));
  }

  /** Holds whoever calls until it is told, or until he is interrupted. */
  private static final class Holding implements HostModule {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch free = new CountDownLatch(1);

    @Override
    public Map<String, FunctionType> functions() {
      return Map.of("version", NOTHING_TO_INT);
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results)
        throws GuestTrap {
      entered.countDown();
      try {
        free.await();
      } catch (InterruptedException interrupted) {
        throw GuestTrap.killed("held no more");
      }
    }
  }

  @Test
  void aRemovalWaitsForThoseInsideAndLetsNobodyElseIn() throws Exception {
    Holding holding = new Holding();
    modules.add("echo", holding, 0, 1);
    HostFunction linked = calls.find(VERSION).orElseThrow();
    FutureTask<Long> inside = new FutureTask<>(() -> version(linked));
    Thread.ofPlatform().daemon().start(inside);
    holding.entered.await();
    FutureTask<Void> removal = new FutureTask<>(() -> modules.remove("echo", holding), null);
    Thread.ofPlatform().daemon().start(removal);
    while (modules.find("echo").isPresent()) {
      Thread.onSpinWait();
    }
    assertThrows(ModuleAbsent.class, () -> modules.enter(new ModuleSeat("echo"), Duration.ZERO));
    assertFalse(removal.isDone());
    holding.free.countDown();
    removal.get(2, TimeUnit.MINUTES);
    inside.get(2, TimeUnit.MINUTES);
  }

  @Test
  void whoStaysInsideIsInterrupted() throws Exception {
    Holding holding = new Holding();
    modules.add("echo", holding, 0, 1);
    HostFunction linked = calls.find(VERSION).orElseThrow();
    FutureTask<Long> inside = new FutureTask<>(() -> version(linked));
    Thread.ofPlatform().daemon().start(inside);
    holding.entered.await();
    modules.remove("echo", holding);
    ExecutionException ended = assertThrows(ExecutionException.class, () -> inside.get(2, TimeUnit.MINUTES));
    assertEquals("held no more", ended.getCause().getMessage());
  }

  /** Leaves as soon as it is about to be interrupted, and is interrupted when it waits to leave or has left. */
  private static final class Leaving extends Thread {
    private final ModuleSeat seat;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private volatile boolean left;
    private boolean hadBeenInterrupted;

    Leaving(ModuleSeat seat) {
      this.seat = seat;
    }

    @Override
    public void run() {
      seat.enter();
      entered.countDown();
      try {
        leave.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("it was interrupted too early", e);
      }
      seat.leave();
      hadBeenInterrupted = isInterrupted();
      left = true;
    }

    @Override
    public void interrupt() {
      leave.countDown();
      while (getState() != State.BLOCKED && !left) {
        Thread.onSpinWait();
      }
      super.interrupt();
    }
  }

  @Test
  void whoHasLeftIsNotInterrupted() throws Exception {
    ModuleGate gate = new ModuleGate(new Echo(1), 0, 1);
    gate.preferred(true);
    ModuleSeat seat = new ModuleSeat("echo");
    seat.sit(gate);
    Leaving guest = new Leaving(seat);
    guest.start();
    guest.entered.await();
    assertTrue(gate.close(Duration.ZERO, Duration.ofMinutes(2)));
    guest.join();
    assertTrue(guest.hadBeenInterrupted, "the interrupt came when it had left");
  }

  @Test
  void aRemovalThatIsInterruptedLeavesNothingOfTheModule() throws Exception {
    ModuleGate gate = new ModuleGate(new Echo(1), 0, 1);
    gate.preferred(true);
    ModuleSeat seat = new ModuleSeat("echo");
    seat.sit(gate);
    Thread inside = Thread.ofPlatform().start(seat::enter);
    inside.join();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> gate.close(Duration.ofMinutes(2), Duration.ofMinutes(2)));
    assertNull(gate.module());
  }

  @Test
  void aGuestThatSleepsHoldsNothingOfAModuleThatIsGone() throws Exception {
    HostModule module = new Echo(7);
    WeakReference<HostModule> left = new WeakReference<>(module);
    modules.add("echo", module, 0, 1);
    HostFunction linked = calls.find(VERSION).orElseThrow();
    assertEquals(7, version(linked));
    modules.remove("echo", module);
    module = null;
    for (int i = 0; left.get() != null; i++) {
      assertTrue(i < 100, "somebody holds it");
      System.gc();
    }
    modules.add("echo", new Echo(8), 0, 2);
    assertEquals(8, version(linked));
  }
}
