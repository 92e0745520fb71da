package io.bundlet.wasmengine.endive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class EndiveEngineTest {
  @TempDir Path directory;

  @Test
  void tellsImportsAndExports() throws Exception {
    var module = Guests.compile(directory, Guests.bytes("guest"), Guests.LIMITS);

    assertEquals("host.add(i32, i64) -> (i64)", text(module.imports().get(0)));
    assertEquals("host.stop(i32) -> ()", text(module.imports().get(1)));
    assertTrue(module.exports().contains("spin"));
    assertFalse(module.exports().contains("memory"), "functions only");
  }

  private static String text(FunctionImport wanted) {
    return wanted.module() + "." + wanted.name() + wanted.type();
  }

  @Test
  void passesNumbersBothWays() throws Exception {
    WasmInstance guest =
        Guests.guest(directory, (memory, args, results) -> results[0] = args[0] + args[1], Guests.NOTHING);

    assertEquals(0xffff_ffffL + (1L << 40), Guests.call(guest, "add", -1, 1L << 40), "an i32 stands in the low half");
    assertEquals(0xffff_fffdL, Guests.call(guest, "minus", 3));
    assertEquals(3, Guests.call(guest, "minus", 0xffff_fffdL));
  }

  @Test
  void keepsStateBetweenCallsAndApartBetweenInstances() throws Exception {
    WasmInstance one = Guests.guest(directory);
    WasmInstance two = Guests.guest(directory);

    Guests.call(one, "count");

    assertEquals(2, Guests.call(one, "count"));
    assertEquals(1, Guests.call(two, "count"));
  }

  @Test
  void readsAndWritesMemoryWithinItsBounds() throws Exception {
    WasmInstance guest = Guests.guest(directory);
    byte[] there = {1, 2, 3, 4};
    guest.memory().write(65532, there, 0, 4);

    assertEquals(0x04030201, Guests.call(guest, "load", 65532));
    assertThrows(GuestTrap.class, () -> guest.memory().write(65533, there, 0, 4));
    assertThrows(GuestTrap.class, () -> guest.memory().read(0xffff_ffffL, there, 0, 4));
    assertThrows(GuestTrap.class, () -> guest.memory().read(Long.MAX_VALUE, there, 0, 4));
    guest.memory().read(0xffff_ffffL, there, 0, 0);
    Guests.call(guest, "grow_memory", 1);
    guest.memory().write(65533, there, 0, 4);
    assertEquals(131072, guest.memory().size());
  }

  @ParameterizedTest
  @CsvSource({
    "trap, unreachable", "divide, divide by zero", "load, out of bounds memory access", "recurse, call stack exhausted"
  })
  void trapsBecomeGuestTraps(String export, String message) throws Exception {
    WasmInstance guest = Guests.guest(directory);
    long[] args = export.equals("trap") ? new long[0] : new long[] {export.equals("load") ? -1 : 0};

    GuestTrap trap = assertThrows(GuestTrap.class, () -> guest.call(export, args, new long[args.length]));

    assertEquals(GuestTrap.TRAP, trap.kind());
    assertTrue(trap.getMessage().contains(message), trap.getMessage());
    assertEquals(1, Guests.call(guest, "count"), "the instance still answers");
  }

  @Test
  void recursionOnTheStackItAsksForIsATrap() throws Exception {
    WasmInstance guest = Guests.guest(directory);
    FutureTask<GuestTrap> run =
        new FutureTask<>(() -> assertThrows(GuestTrap.class, () -> Guests.call(guest, "recurse", 0)));
    new Thread(null, run, "guest", new EndiveEngine().info().stackBytes()).start();

    assertEquals("call stack exhausted", run.get(60, TimeUnit.SECONDS).getMessage());
  }

  @Test
  void memoryGrowsToItsLimitOnly() throws Exception {
    WasmInstance guest = Guests.guest(directory);

    assertEquals(20, Guests.call(guest, "pages"));
    assertEquals(0xffff_ffffL, Guests.call(guest, "grow_memory", 0x7fff_ffff));
    assertEquals(0xffff_ffffL, Guests.call(guest, "grow_memory", -1));
  }

  @Test
  void aTrapAfterItsLimitWasInTheWayOfItsMemorySaysSo() throws Exception {
    WasmInstance guest = Guests.guest(directory);
    assertEquals(0xffff_ffffL, Guests.call(guest, "grow_memory", 20));
    GuestTrap over = assertThrows(GuestTrap.class, () -> guest.call("trap", new long[0], new long[0]));
    assertEquals(GuestTrap.OUT_OF_MEMORY, over.kind());
    assertTrue(over.getMessage().startsWith("its memory could not grow beyond its limit of 1280 KiB: wasm trap: "),
        over.getMessage());
    assertEquals(
        GuestTrap.TRAP, assertThrows(GuestTrap.class, () -> Guests.call(guest, "divide", 0)).kind());
    assertEquals(1, Guests.call(guest, "grow_memory", 1));
    assertEquals(
        GuestTrap.TRAP, assertThrows(GuestTrap.class, () -> guest.call("trap", new long[0], new long[0])).kind());
  }

  @Test
  void allTablesTogetherGrowToTheirLimitOnly() throws Exception {
    WasmInstance guest = Guests.guest(directory);

    assertEquals(0xffff_ffffL, Guests.call(guest, "grow_functions", 0x7fff_ffff));
    assertEquals(0xffff_ffffL, Guests.call(guest, "grow_others", -1));
    long elements = Guests.call(guest, "elements");
    assertTrue(elements > 4000 && elements <= 5000, "5000 in all, taken by thousands: " + elements);
  }

  @Test
  void aHostFunctionsTrapPassesUnchanged() throws Exception {
    GuestTrap exit = GuestTrap.exit(7);
    WasmInstance guest = Guests.guest(directory, Guests.NOTHING, (memory, args, results) -> {
      throw exit;
    });

    assertSame(exit, assertThrows(GuestTrap.class, () -> guest.call("stop", new long[] {1}, new long[0])));
  }

  @Test
  void aHostFunctionsDefectIsATrapWithItsCause() throws Exception {
    IllegalStateException defect = new IllegalStateException("defect");
    WasmInstance guest = Guests.guest(directory, Guests.NOTHING, (memory, args, results) -> {
      throw defect;
    });

    GuestTrap trap = assertThrows(GuestTrap.class, () -> guest.call("stop", new long[] {1}, new long[0]));

    assertSame(defect, trap.getCause());
  }

  @Test
  void killEndsASpinningGuestAndEachLaterCall() throws Exception {
    WasmInstance guest = Guests.guest(directory);
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Boolean> run = new FutureTask<>(() -> {
      begun.countDown();
      GuestTrap trap = assertThrows(GuestTrap.class, () -> guest.call("spin", new long[0], new long[0]));
      assertEquals(GuestTrap.KILLED, trap.kind());
      return Thread.currentThread().isInterrupted();
    });
    new Thread(run, "guest").start();
    begun.await();

    assertTrue(guest.memoryBytes().orElseThrow() >= 65536);
    guest.kill("test");
    guest.kill("again");

    assertFalse(run.get(60, TimeUnit.SECONDS), "the thread is clean afterwards");
    GuestTrap later = assertThrows(GuestTrap.class, () -> Guests.call(guest, "count"));
    assertEquals(GuestTrap.KILLED, later.kind());
    assertEquals("test", later.getMessage());
  }

  @Test
  void killEndsAGuestInsideAHostFunction() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    WasmInstance guest = Guests.guest(directory, Guests.NOTHING, (memory, args, results) -> {
      inside.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw GuestTrap.trap("interrupted");
      }
    });
    FutureTask<GuestTrap> run = new FutureTask<>(
        () -> assertThrows(GuestTrap.class, () -> guest.call("stop", new long[] {1}, new long[0])));
    new Thread(run, "guest").start();
    inside.await();

    guest.kill("test");

    assertEquals(GuestTrap.KILLED, run.get(60, TimeUnit.SECONDS).kind());
  }

  @Test
  void killDoesNotTouchAThreadThatIsNotInAGuest() throws Exception {
    WasmInstance guest = Guests.guest(directory);
    Guests.call(guest, "count");

    guest.kill("test");

    assertFalse(Thread.interrupted());
  }

  @Test
  void aCallThatDoesNotFitTheExportIsATrap() throws Exception {
    WasmInstance guest = Guests.guest(directory);

    assertThrows(GuestTrap.class, () -> guest.call("count", new long[1], new long[1]));
    assertThrows(GuestTrap.class, () -> guest.call("count", new long[0], new long[2]));
    assertThrows(GuestTrap.class, () -> guest.call("nothing", new long[0], new long[0]));
    assertThrows(GuestTrap.class, () -> guest.call("memory", new long[0], new long[0]));
  }

  @ParameterizedTest
  @CsvSource({
    "big-memory, memory minimum of",
    "big-table, table minimum of 2000000 elements",
    "imports-memory, imports env.memory",
    "throws, exception",
  })
  void refusesWhatItCannotBound(String name, String message) throws Exception {
    byte[] wasm = Guests.bytes(name);

    InvalidModule refused =
        assertThrows(InvalidModule.class, () -> Guests.compile(directory, wasm, Guests.LIMITS));

    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void aMissingImportIsNamed() throws Exception {
    var module = Guests.compile(directory, Guests.bytes("guest"), Guests.LIMITS);
    InvalidModule missing =
        assertThrows(InvalidModule.class, () -> module.instantiate(Guests.spec(), Guests.imports(Map.of())));
    assertTrue(missing.getMessage().contains("host.add"), missing.getMessage());
  }

  @Test
  void theStartSectionRunsAtTheFirstCall() throws Exception {
    var module = Guests.compile(directory, Guests.bytes("start-counts"), Guests.LIMITS);
    assertEquals(java.util.List.of("count"), module.exports());
    WasmInstance counts = module.instantiate(Guests.spec(), Guests.imports(Map.of()));
    assertEquals(101, Guests.call(counts, "count"));
    assertEquals(102, Guests.call(counts, "count"));

    WasmInstance traps = Guests.compile(directory, Guests.bytes("start-traps"), Guests.LIMITS)
        .instantiate(Guests.spec(), Guests.imports(Map.of()));
    GuestTrap trap = assertThrows(GuestTrap.class, () -> Guests.call(traps, "one"));
    assertEquals(GuestTrap.TRAP, trap.kind());
  }

  @Test
  void refusesAModuleLargerThanAllowed() throws Exception {
    byte[] wasm = Guests.bytes("guest");
    assertThrows(InvalidModule.class,
        () -> Guests.compile(directory, wasm, new CompileLimits(wasm.length - 1, 1 << 20, 5000)));
    assertNotEquals(0, Guests.compile(directory, wasm, new CompileLimits(wasm.length, 1 << 20, 5000)).exports().size());
  }
}
