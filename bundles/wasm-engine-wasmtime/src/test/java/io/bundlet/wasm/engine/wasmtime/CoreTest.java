package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core wasm: traps, caps, calls in both directions, kill, misuse. */
class CoreTest {
  private static final CompileLimits LIMITS = new CompileLimits(1 << 20, 16 << 16, 111);
  private static final InstanceSpec SPEC = new InstanceSpec("test", Optional.empty());

  @TempDir Path directory;
  private Guests guests;

  @BeforeEach
  void open() {
    guests = new Guests(directory, 1000);
  }

  @AfterEach
  void close() {
    guests.close();
  }

  /** Work with an instance on a guest's thread. */
  private interface Work {
    void with(WasmInstance instance) throws Exception;
  }

  private void run(Imports imports, Work work) throws Exception {
    Guests.onGuestThread(() -> {
      try (CompiledModule module = guests.compile(guests.module("core"), LIMITS);
          WasmInstance instance = module.instantiate(SPEC, imports)) {
        work.with(instance);
      }
      return null;
    });
  }

  private static Imports offering(HostFunction add, HostFunction touch) {
    return wanted -> Optional.ofNullable(Map.of("add", add, "touch", touch).get(wanted.name()));
  }

  private static final Imports QUIET = offering((memory, in, out) -> {}, (memory, in, out) -> {});

  private static long get(WasmInstance instance, String function, long... args) throws GuestTrap {
    long[] result = new long[1];
    instance.call(function, args, result);
    return result[0];
  }

  private static String trap(WasmInstance instance, String function, long[] args, int results) {
    GuestTrap trap = assertThrows(GuestTrap.class, () -> instance.call(function, args, new long[results]));
    assertEquals(GuestTrap.TRAP, trap.kind());
    return trap.getMessage();
  }

  @Test
  void whatItSaysOfAModule() throws Exception {
    Guests.onGuestThread(() -> {
      try (CompiledModule module = guests.compile(guests.module("core"), LIMITS)) {
        assertEquals(
            List.of(
                new FunctionImport(
                    "host", "add", new FunctionType(List.of("i32", "i64", "f32", "f64"), List.of("f64"))),
                new FunctionImport("host", "touch", new FunctionType(List.of("i32", "i32"), List.of("i32")))),
            module.imports());
        assertTrue(module.exports().containsAll(List.of("started", "spin", "grow")));
        assertFalse(module.exports().contains(ModuleFile.START));
      }
      try (CompiledModule module = guests.compile(guests.module("probe"), CompileLimits.DEFAULT)) {
        assertEquals(List.of(), module.imports());
        assertTrue(module.exports().contains("_start"));
      }
      return null;
    });
  }

  @Test
  void trapsAreNamedAndTheInstanceGoesOn() throws Exception {
    run(QUIET, instance -> {
      assertEquals("wasm trap: unreachable", trap(instance, "unreachable", new long[0], 0));
      assertEquals("wasm trap: integer divide by zero", trap(instance, "divide", new long[] {0}, 1));
      assertEquals("wasm trap: out of bounds memory access", trap(instance, "load", new long[] {65536}, 1));
      assertEquals("wasm trap: uninitialized table element", trap(instance, "callNull", new long[0], 0));
      assertEquals("wasm trap: call stack exhausted", trap(instance, "recurse", new long[0], 0));
      assertEquals(1, get(instance, "divide", 1));
      assertEquals(1, get(instance, "started"));
      assertTrue(trap(instance, "no such", new long[0], 0).contains("no such"));
      assertTrue(trap(instance, "divide", new long[0], 1).contains("takes [i32]"));
    });
  }

  @Test
  void aTrapAfterItsLimitWasInTheWayOfItsMemorySaysSo() throws Exception {
    run(QUIET, instance -> {
      assertEquals(0xffff_ffffL, get(instance, "grow", 16));
      GuestTrap over = assertThrows(GuestTrap.class, () -> instance.call("unreachable", new long[0], new long[0]));
      assertEquals(GuestTrap.OUT_OF_MEMORY, over.kind());
      assertEquals(
          "its memory could not grow beyond its limit of 1024 KiB: wasm trap: unreachable", over.getMessage());
      over = assertThrows(GuestTrap.class, () -> get(instance, "load", 65536));
      assertEquals(GuestTrap.OUT_OF_MEMORY, over.kind());
      // Others traps have other causes, and who gets memory after all has found a way.
      assertEquals("wasm trap: integer divide by zero", trap(instance, "divide", new long[] {0}, 1));
      assertEquals(1, get(instance, "grow", 1));
      assertEquals("wasm trap: unreachable", trap(instance, "unreachable", new long[0], 0));
    });
  }

  @Test
  void memoryAndTablesGrowToTheirCaps() throws Exception {
    run(QUIET, instance -> {
      assertEquals(0xffff_ffffL, get(instance, "grow", 16));
      assertEquals(1, get(instance, "grow", 15));
      assertEquals(16 << 16, instance.memory().size());
      assertEquals(0xffff_ffffL, get(instance, "grow", 1));
      // 111 elements: 11 are there from the start, the other 100 are shared evenly.
      assertEquals(0xffff_ffffL, get(instance, "growFirst", 51));
      assertEquals(1, get(instance, "growFirst", 50));
      assertEquals(0xffff_ffffL, get(instance, "growSecond", 51));
      assertEquals(10, get(instance, "growSecond", 50));
    });
  }

  @Test
  void hostFunctionsGetValuesAndMemory() throws Exception {
    Imports imports = offering(
        (memory, in, out) -> out[0] = Double.doubleToRawLongBits(
            (double) (int) in[0] + in[1] + Float.intBitsToFloat((int) in[2]) + Double.longBitsToDouble(in[3])),
        (memory, in, out) -> {
          byte[] bytes = new byte[(int) in[1]];
          memory.read(in[0], bytes, 0, bytes.length);
          out[0] = bytes.length == 0 ? 0 : bytes[0];
          memory.write(in[0], "FROM".getBytes(StandardCharsets.US_ASCII), 0, 4);
        });
    run(imports, instance -> {
      long sum = get(instance, "add", -1L & 0xffff_ffffL, 1L << 40, Float.floatToRawIntBits(0.5f),
          Double.doubleToRawLongBits(0.25));
      assertEquals((1L << 40) - 1 + 0.75, Double.longBitsToDouble(sum));
      assertEquals('f', get(instance, "touch", 16, 4));
      byte[] after = new byte[9];
      instance.memory().read(16, after, 0, 9);
      assertArrayEquals("FROM data".getBytes(StandardCharsets.US_ASCII), after);
      assertEquals(1, get(instance, "grow", 1));
      assertEquals(0, get(instance, "touch", (2 << 16) - 4, 4), "the new page is reached too");
      assertTrue(trap(instance, "touch", new long[] {(2 << 16) - 3, 4}, 1).contains("out of bounds"));
      assertTrue(trap(instance, "touch", new long[] {0xffff_fff0L, 4}, 1).contains("out of bounds"));
    });
  }

  @Test
  void whatAHostFunctionThrowsArrivesWithItsCause() throws Exception {
    IllegalStateException cause = new IllegalStateException("no bread");
    GuestTrap exit = GuestTrap.exit(3);
    run(offering((memory, in, out) -> { throw exit; }, (memory, in, out) -> { throw cause; }), instance -> {
      GuestTrap failed = assertThrows(
          GuestTrap.class, () -> instance.call("touch", new long[] {16, 1}, new long[1]));
      assertEquals(GuestTrap.TRAP, failed.kind());
      assertSame(cause, failed.getCause());
      assertSame(exit, assertThrows(GuestTrap.class, () -> instance.call("add", new long[4], new long[1])));
    });
  }

  @Test
  void callsIntoJavaHaveABudgetForEachRun() throws Exception {
    run(QUIET, instance -> {
      for (int i = 0; i < 1500; i++) {
        get(instance, "touch", 16, 1);
      }
      GuestTrap stopped = assertThrows(
          GuestTrap.class, () -> instance.call("touchForever", new long[0], new long[0]));
      assertEquals(GuestTrap.HOST_CALL_BUDGET, stopped.kind());
      get(instance, "touch", 16, 1);
    });
  }

  @Test
  void aSpinningGuestIsKilledAndOnlyThatOne() throws Exception {
    CompletableFuture<WasmInstance> one = new CompletableFuture<>();
    CompletableFuture<WasmInstance> other = new CompletableFuture<>();
    Path core = guests.module("core");
    var first = spin(core, one);
    var second = spin(core, other);
    one.get(120, TimeUnit.SECONDS).kill("first");
    assertEquals("first", killed(first));
    other.get(120, TimeUnit.SECONDS);
    assertFalse(second.isDone());
    other.join().kill("second");
    assertEquals("second", killed(second));
    one.join().kill("long gone");
  }

  private java.util.concurrent.FutureTask<Void> spin(Path core, CompletableFuture<WasmInstance> made) {
    return Guests.start(() -> {
      try (CompiledModule module = guests.compile(core, LIMITS);
          WasmInstance instance = module.instantiate(SPEC, QUIET)) {
        made.complete(instance);
        instance.call("spin", new long[0], new long[0]);
        return null;
      } catch (Throwable failed) {
        made.completeExceptionally(failed);
        throw failed;
      }
    });
  }

  private static String killed(java.util.concurrent.FutureTask<Void> run) {
    ExecutionException ended = assertThrows(ExecutionException.class, () -> run.get(120, TimeUnit.SECONDS));
    GuestTrap trap = (GuestTrap) ended.getCause();
    assertEquals(GuestTrap.KILLED, trap.kind());
    return trap.getMessage();
  }

  @Test
  void aKillBeforeTheCallCounts() throws Exception {
    run(QUIET, instance -> {
      instance.kill("early");
      GuestTrap trap = assertThrows(GuestTrap.class, () -> instance.call("spin", new long[0], new long[0]));
      assertEquals(GuestTrap.KILLED, trap.kind());
    });
  }

  @Test
  void aKillMayComeAtAnyMoment() throws Exception {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<WasmInstance> made = new CompletableFuture<>();
      var run = Guests.start(() -> {
        try (CompiledModule module = guests.compile(guests.module("core"), LIMITS);
            WasmInstance instance = module.instantiate(SPEC, QUIET)) {
          made.complete(instance);
          for (int n = 0; n < 50; n++) {
            get(instance, "started");
          }
        } catch (GuestTrap e) {
          assertEquals(GuestTrap.KILLED, e.kind());
        }
        return null;
      });
      WasmInstance instance = made.get(120, TimeUnit.SECONDS);
      while (!run.isDone()) {
        instance.kill("now");
      }
      run.get();
      instance.kill("after the end");
    }
  }

  @Test
  void itsMemoryIsKnownToOtherThreadsWhateverItDoes() throws Exception {
    CompletableFuture<WasmInstance> made = new CompletableFuture<>();
    var run = Guests.start(() -> {
      try (CompiledModule module = guests.compile(guests.module("core"), LIMITS);
          WasmInstance instance = module.instantiate(SPEC, QUIET)) {
        get(instance, "grow", 3);
        made.complete(instance);
        for (int n = 0; n < 2000; n++) {
          get(instance, "started");
        }
        instance.call("spin", new long[0], new long[0]);
      } catch (GuestTrap e) {
        assertEquals(GuestTrap.KILLED, e.kind());
      }
      return null;
    });
    WasmInstance instance = made.get(120, TimeUnit.SECONDS);
    for (int i = 0; i < 1000; i++) {
      assertEquals(4 * 65536, instance.memoryBytes().orElseThrow());
    }
    instance.kill("enough");
    while (!run.isDone()) {
      long seen = instance.memoryBytes().orElseThrow();
      assertTrue(seen == 4 * 65536 || seen == 0, "it has " + seen);
    }
    run.get();
    assertEquals(0, instance.memoryBytes().orElseThrow());
  }

  @Test
  void misuseIsAnExceptionAndNotTheEndOfTheProcess() throws Exception {
    WasmInstance[] nested = new WasmInstance[1];
    Imports imports = offering(
        (memory, in, out) -> {}, (memory, in, out) -> nested[0].call("started", new long[0], new long[1]));
    Guests.onGuestThread(() -> {
      CompiledModule module = guests.compile(guests.module("core"), LIMITS);
      WasmInstance instance = module.instantiate(SPEC, imports);
      nested[0] = instance;
      assertTrue(trap(instance, "touch", new long[] {16, 1}, 1).contains("running already"));
      nested[0] = instance;
      module.close();
      module.close();
      assertEquals(1, get(instance, "started"), "an instance goes on without its module");
      assertThrows(IllegalStateException.class, () -> module.instantiate(SPEC, imports));
      instance.close();
      instance.close();
      assertThrows(IllegalStateException.class, () -> instance.call("started", new long[0], new long[1]));
      assertThrows(IllegalStateException.class, () -> instance.memory().size());
      instance.kill("dead already");
      return null;
    });
    var onVirtual = new java.util.concurrent.FutureTask<>(() -> guests.compile(guests.module("core"), LIMITS));
    Thread.ofVirtual().start(onVirtual);
    assertThrows(ExecutionException.class, () -> onVirtual.get(120, TimeUnit.SECONDS));
  }

  @Test
  void aModuleIsInstantiatedSeveralTimes() throws Exception {
    Guests.onGuestThread(() -> {
      try (CompiledModule module = guests.compile(guests.module("core"), LIMITS);
          WasmInstance one = module.instantiate(SPEC, QUIET);
          WasmInstance two = module.instantiate(SPEC, QUIET)) {
        assertEquals(1, get(one, "grow", 3));
        assertEquals(1, get(two, "grow", 2));
        two.kill("one of them");
        assertEquals(4, get(one, "grow", 0));
      }
      return null;
    });
  }

  @Test
  void aMissingImportIsNamed() throws Exception {
    InvalidModule missing = assertThrows(InvalidModule.class, () -> run(Guests.NONE, instance -> {}));
    assertTrue(
        missing.getMessage().contains("'host' 'add' of type (i32, i64, f32, f64) -> (f64)"), missing.getMessage());
  }
}
