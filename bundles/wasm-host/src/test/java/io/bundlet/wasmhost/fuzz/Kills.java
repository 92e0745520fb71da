package io.bundlet.wasmhost.fuzz;

import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasmInstance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Guests that are killed some microseconds or milliseconds after they were made. */
final class Kills implements FuzzedEngine.Rounds {
  private static final long HANG_SECONDS = 120;
  private static final int LATEST_MICROS = 3000;

  private final FuzzedEngine engine;
  private final Random random;
  private final List<String> guests;
  private final Map<String, CompiledModule> modules = new HashMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<Long> late = new ArrayList<>();

  Kills(FuzzedEngine engine, long seed) {
    this.engine = engine;
    this.random = new Random(seed);
    this.guests = new ArrayList<>(List.of("spin", "spin", "recursion", "memgrow", "tablegrow"));
    if (engine.nativeWasi()) {
      guests.addAll(List.of("sleep10", "clock50m"));
    }
  }

  @Override
  public void run(int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      String name = guests.get(random.nextInt(guests.size()));
      CompiledModule module = modules.get(name);
      if (module == null) {
        module = FuzzedEngine.start(() -> engine.compile(name, FuzzedEngine.guest(name))).get();
        modules.put(name, module);
      }
      String end = round(module);
      ends.merge(end, 1, Integer::sum);
      // these two never end by themselves
      if ((name.equals("spin") || name.equals("sleep10")) && !end.equals(GuestTrap.KILLED)) {
        throw new AssertionError(name + " ended by itself: " + end);
      }
    }
  }

  private String round(CompiledModule module) throws Exception {
    CompletableFuture<WasmInstance> made = new CompletableFuture<>();
    FutureTask<String> end = FuzzedEngine.start(() -> run(module, made));
    WasmInstance instance = made.get(HANG_SECONDS, TimeUnit.SECONDS);
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LATEST_MICROS)));
    if (random.nextInt(4) == 0) {
      instance.endsSoon();
    }
    long from = System.nanoTime();
    for (int again = random.nextInt(3); again >= 0; again--) {
      instance.kill("round over");
    }
    try {
      String how = end.get(HANG_SECONDS, TimeUnit.SECONDS);
      late.add(System.nanoTime() - from);
      return how;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().toString(), e.getCause());
    }
  }

  private String run(CompiledModule module, CompletableFuture<WasmInstance> made) throws Exception {
    WasmInstance instance;
    try {
      instance = engine.instantiate(module);
      made.complete(instance);
    } catch (Exception | Error e) {
      made.completeExceptionally(e);
      throw e;
    }
    try {
      instance.call("_start", new long[0], new long[0]);
      return "returned";
    } catch (GuestTrap trap) {
      return trap.kind();
    } finally {
      instance.close();
      // nobody knows that it is closed already
      instance.kill("too late");
    }
  }

  @Override
  public String summary() {
    List<Long> sorted = late.stream().sorted().toList();
    return "ends: " + ends + "; gone after a kill: median " + sorted.get(sorted.size() / 2) / 1000 + " us, 99 % "
        + sorted.get(sorted.size() * 99 / 100) / 1000 + " us, worst " + sorted.getLast() / 1000 + " us";
  }

  @Override
  public void close() {
    modules.values().forEach(CompiledModule::close);
  }
}
