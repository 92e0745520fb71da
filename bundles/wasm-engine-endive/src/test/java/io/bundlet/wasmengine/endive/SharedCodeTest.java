package io.bundlet.wasmengine.endive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class SharedCodeTest {
  private static final String DIGEST = "sha256:" + "1".repeat(64);
  private static final int MANY = 8;

  private final HeapBudget budget = new HeapBudget(100);
  private final SharedCode shared = new SharedCode(budget);

  private Code code(long held) {
    assertTrue(budget.take(held));
    return new Code(null, null, List.of(), held);
  }

  @Test
  void whoAsksMeanwhileWaitsForTheOneThatIsMade() throws Exception {
    AtomicInteger made = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Future<Code>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(MANY)) {
      for (int i = 0; i < MANY; i++) {
        all.add(threads.submit(() -> shared.take(DIGEST, () -> {
          made.incrementAndGet();
          asked.countDown();
          await(goOn);
          return code(60);
        })));
      }
      asked.await();
      assertFalse(all.stream().anyMatch(Future::isDone));
      goOn.countDown();
      for (Future<Code> each : all) {
        assertSame(all.getFirst().get(), each.get());
      }
    }
    assertEquals(1, made.get());
    for (int i = 0; i < MANY; i++) {
      assertFalse(budget.take(41), "still held by " + (MANY - i));
      shared.give(DIGEST);
    }
    assertTrue(budget.take(100));
    budget.give(100);
    assertNotSame(all.getFirst().get(), shared.take(DIGEST, () -> code(1)));
  }

  private static void await(CountDownLatch latch) throws InvalidModule {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InvalidModule("interrupted", e);
    }
  }

  @Test
  void whatCouldNotBeMadeIsTriedByTheNext() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Code> first = threads.submit(() -> shared.take(DIGEST, () -> {
        asked.countDown();
        await(goOn);
        throw new InvalidModule("the first");
      }));
      asked.await();
      Future<Code> second = threads.submit(() -> shared.take(DIGEST, () -> code(7)));
      goOn.countDown();
      Throwable failure = assertThrows(ExecutionException.class, first::get).getCause();
      assertEquals("the first", failure.getMessage());
      assertEquals(7, second.get().held());
    }
    shared.give(DIGEST);
    assertTrue(budget.take(100));
  }

  @Test
  void whoIsInterruptedWhileHeWaitsHoldsNothing() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Code> first = threads.submit(() -> shared.take(DIGEST, () -> {
        asked.countDown();
        await(goOn);
        return code(7);
      }));
      asked.await();
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> shared.take(DIGEST, () -> code(7)));
      goOn.countDown();
      first.get();
    }
    shared.give(DIGEST);
    assertTrue(budget.take(100));
  }

  /** Each has memory and limits of its own. */
  @Test
  void containersOfOneModuleHaveTheirOwnLimitsAndMemories(@TempDir Path directory) throws Exception {
    EndiveEngine engine = new EndiveEngine();
    Path file = Files.write(directory.resolve("module.wasm"), Guests.bytes("start-counts"));
    CompiledModule one = engine.compile(file, DIGEST, Guests.LIMITS);
    CompiledModule other = engine.compile(file, DIGEST, new CompileLimits(10 << 20, 65536, 5000));
    WasmInstance ones = one.instantiate(Guests.spec(), Guests.imports(Map.of()));
    assertEquals(101, Guests.call(ones, "count"));
    assertEquals(List.of("count"), other.exports());
    one.close();
    one.close();
    WasmInstance others = other.instantiate(Guests.spec(), Guests.imports(Map.of()));
    assertEquals(101, Guests.call(others, "count"));
    assertEquals(102, Guests.call(ones, "count"));
    assertThrows(InvalidModule.class, () -> engine.compile(file, DIGEST, new CompileLimits(10, 65536, 5000)));
    other.close();
    // Nobody has it any more: what comes under this name is compiled anew.
    Files.write(file, Guests.bytes("guest"));
    assertNotEquals(List.of("count"), engine.compile(file, DIGEST, Guests.LIMITS).exports());
  }
}
