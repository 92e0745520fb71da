package io.bundlet.wasmhost.fuzz;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.wasmhost.EngineLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * The process under fire: one engine, and a directory. Its arguments are the engine, {@code mutations} or {@code
 * kills}, how many rounds, where chance begins, and the directory. It ends with 0 when all went as it has to, and else
 * says what did not.
 */
final class FuzzedEngine {
  /** Rounds that load and make what there is once. */
  private static final int WARM = 60;

  private static final Path GUESTS = Path.of("../../itests/guests").toAbsolutePath().normalize();
  private static final CompileLimits LIMITS = new CompileLimits(1 << 20, 16 << 20, 100_000);

  /** Nobody answers: functions of the host do nothing and give zeros. */
  private static final Imports DUMB = wanted -> Optional.of((memory, in, out) -> {});

  private final WasmEngine engine;
  private final Path directory;
  private final Path output;

  private FuzzedEngine(WasmEngine engine, Path directory) throws IOException {
    this.engine = engine;
    this.directory = directory;
    this.output = Files.createFile(directory.resolve("output"));
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[2]);
    long seed = Long.parseLong(arguments[3]);
    Path directory = Path.of(arguments[4]);
    EngineLoader loader = new EngineLoader(arguments[0]);
    FuzzedEngine fuzzed =
        new FuzzedEngine(loader.engine(Map.of("cache_directory", directory.resolve("cache").toString())), directory);
    try (Rounds all = arguments[1].equals("kills") ? new Kills(fuzzed, seed) : new Mutations(fuzzed, seed)) {
      all.run(WARM);
      Remains before = Remains.now();
      all.run(rounds);
      Remains after = Remains.atRest(before);
      System.out.println(all.summary());
      System.out.println("before: " + before);
      System.out.println("after: " + after);
      if (after.exceeds(before)) {
        throw new AssertionError("something is left");
      }
    }
    System.out.println("done");
    // what does not end by itself now was left behind as well, but daemons of the libraries may be there
    System.exit(0);
  }

  /** Some rounds under fire, whose state they keep. */
  interface Rounds extends AutoCloseable {
    void run(int rounds) throws Exception;

    /** What happened, in a line. */
    String summary();

    @Override
    void close();
  }

  static byte[] guest(String name) throws IOException {
    return Files.readAllBytes(GUESTS.resolve(name + ".wasm"));
  }

  /** @param name its file's, which has to stay as it is for as long as there are to be instances */
  CompiledModule compile(String name, byte[] module) throws Exception {
    Path file = Files.write(directory.resolve(name + ".wasm"), module);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(module);
    return engine.compile(file, "sha256:" + HexFormat.of().formatHex(digest), LIMITS);
  }

  WasmInstance instantiate(CompiledModule module) throws InvalidModule {
    WasiSettings wasi = new WasiSettings(List.of("guest", "3600"), Map.of(), List.of(), output, output);
    return module.instantiate(new InstanceSpec("fuzzed", Optional.of(wasi)), DUMB);
  }

  boolean nativeWasi() {
    return engine.info().nativeWasi();
  }

  /** On a thread such as guests have. */
  static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(null, task, "guest", 4 << 20);
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
