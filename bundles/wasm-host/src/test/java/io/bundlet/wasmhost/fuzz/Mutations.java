package io.bundlet.wasmhost.fuzz;

import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Modules of which a few bytes are others: compiled, set up and run, and killed when they do not end by themselves. */
final class Mutations implements FuzzedEngine.Rounds {
  /** How long a guest may run by itself. */
  private static final long RUN_MILLIS = 100;
  /** What is a hang, on a machine however busy. */
  private static final long HANG_SECONDS = 120;

  /** Small ones more often, as more of their bytes matter. */
  private static final List<String> GUESTS = List.of(
      "memgrow", "tablegrow", "hostile-actor", "wasi-hostile", "memgrow", "hostile-actor", "wasi-functions", "hello");

  private final FuzzedEngine engine;
  private final Random random;
  private final Map<String, byte[]> originals = new HashMap<>();
  private final Map<String, Integer> ends = new HashMap<>();
  private long slowest;

  Mutations(FuzzedEngine engine, long seed) {
    this.engine = engine;
    this.random = new Random(seed);
  }

  @Override
  public void run(int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      String name = GUESTS.get(random.nextInt(GUESTS.size()));
      byte[] original = originals.get(name);
      if (original == null) {
        original = FuzzedEngine.guest(name);
        originals.put(name, original);
      }
      byte[] mutated = mutate(original);
      try {
        long from = System.nanoTime();
        ends.merge(fire(mutated), 1, Integer::sum);
        slowest = Math.max(slowest, System.nanoTime() - from);
      } catch (Exception | AssertionError wrong) {
        Path kept = Files.write(Path.of("target", "fuzz-" + name + "-" + i + ".wasm"), mutated);
        throw new AssertionError("by " + kept + ": " + wrong, wrong);
      }
    }
  }

  private byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    // mostly one change, as with each more the module is more likely to be refused, and not run
    do {
      int at = 8 + random.nextInt(Math.max(1, bytes.length - 8));
      switch (random.nextInt(12)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 1 -> bytes = insert(bytes, at);
        case 2 -> System.arraycopy(
            original, random.nextInt(original.length - 4), bytes, Math.max(0, at - 4), Math.min(4, at));
        case 3 -> bytes[at] = (byte) 0xff;
        case 4, 5, 6, 7 -> bytes[at] = (byte) random.nextInt();
        default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
    } while (random.nextInt(3) == 0);
    return bytes;
  }

  private byte[] insert(byte[] bytes, int at) {
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(bytes, 0, at);
    for (int i = random.nextInt(5); i >= 0; i--) {
      longer.write(random.nextBoolean() ? 0xff : random.nextInt());
    }
    longer.write(bytes, at, bytes.length - at);
    return longer.toByteArray();
  }

  /** How one module came to its end. */
  private String fire(byte[] module) throws Exception {
    WasmInstance[] made = new WasmInstance[1];
    FutureTask<String> end = FuzzedEngine.start(() -> run(module, made));
    try {
      return end.get(RUN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException running) {
      return killed(end, made);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().toString(), e.getCause());
    }
  }

  private static String killed(FutureTask<String> end, WasmInstance[] made) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
    while (System.nanoTime() - limit < 0) {
      synchronized (made) {
        if (made[0] != null) {
          made[0].kill("it has run long enough");
        }
      }
      try {
        // it may be compiling, and run only then
        return end.get(RUN_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException still) {
        continue;
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause().toString(), e.getCause());
      }
    }
    throw new AssertionError("it does not end");
  }

  private String run(byte[] module, WasmInstance[] made) throws Exception {
    try (CompiledModule compiled = engine.compile("mutated", module)) {
      List<String> exports = compiled.exports();
      WasmInstance instance = engine.instantiate(compiled);
      try {
        synchronized (made) {
          made[0] = instance;
        }
        if (!exports.contains("_start")) {
          return "no start";
        }
        instance.call("_start", new long[0], new long[0]);
        return "returned";
      } catch (GuestTrap trap) {
        return trap.kind();
      } finally {
        synchronized (made) {
          made[0] = null;
        }
        instance.close();
      }
    } catch (InvalidModule refused) {
      if (refused.getMessage().isBlank()) {
        throw new AssertionError("refused without words", refused);
      }
      return "refused";
    }
  }

  @Override
  public String summary() {
    return "ends: " + new java.util.TreeMap<>(ends) + ", slowest " + slowest / 1_000_000 + " ms";
  }

  @Override
  public void close() {
    originals.clear();
  }
}
