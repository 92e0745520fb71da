package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.api.wasm.WasmInstance;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs guests as wasm-host does: on platform threads with the stack that the engine asks for. */
final class Guests implements AutoCloseable {
  /** Not below a test's own directory, as wasmtime's cache has a thread that writes there a little later. */
  static final Path CACHE = Path.of("target/wasm-cache").toAbsolutePath();

  /** What the engine knows every module by that is compiled here. */
  static final String DIGEST = "sha256:unknown";

  static final Imports NONE = wanted -> Optional.empty();

  final WasmtimeEngine engine;
  final Path directory;

  Guests(Path directory) {
    this(directory, 200_000);
  }

  Guests(Path directory, long budget) {
    this(directory, CACHE, budget);
  }

  Guests(Path directory, Path cache, long budget) {
    this.directory = directory;
    this.engine = new WasmtimeEngine(settings(cache.toString(), budget));
  }

  static WasmtimeEngine.Settings settings(String cache, long budget) {
    return new WasmtimeEngine.Settings() {
      @Override
      public String cache_directory() {
        return cache;
      }

      @Override
      public long cache_limit() {
        return 1 << 30;
      }

      @Override
      public long host_call_budget() {
        return budget;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return WasmtimeEngine.Settings.class;
      }
    };
  }

  @Override
  public void close() {
    engine.deactivate();
  }

  Path module(String name) throws IOException {
    Path file = directory.resolve(name + ".wasm");
    try (InputStream in = Guests.class.getResourceAsStream("/wasm/" + name + ".wasm")) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  Path write(String name, byte[] module) throws IOException {
    return Files.write(directory.resolve(name), module);
  }

  CompiledModule compile(Path module, CompileLimits limits) throws Exception {
    return engine.compile(module, DIGEST, limits);
  }

  WasiSettings wasi(List<String> args, Map<String, String> env, Mount... mounts) {
    return new WasiSettings(
        args, env, List.of(mounts), directory.resolve("stdout"), directory.resolve("stderr"));
  }

  /** Runs a command on the calling thread and gives its exit code. */
  int run(Path module, CompileLimits limits, WasiSettings wasi) throws Exception {
    try (CompiledModule compiled = compile(module, limits);
        WasmInstance instance = compiled.instantiate(new InstanceSpec("test", Optional.of(wasi)), NONE)) {
      return exit(instance);
    }
  }

  static int exit(WasmInstance instance) throws GuestTrap {
    try {
      instance.call("_start", new long[0], new long[0]);
      return 0;
    } catch (GuestTrap e) {
      if (e.kind().equals(GuestTrap.EXIT)) {
        return e.exitCode();
      }
      throw e;
    }
  }

  int probe(String... args) throws Exception {
    return probe(CompileLimits.DEFAULT, args);
  }

  int probe(CompileLimits limits, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of("probe"));
    all.addAll(List.of(args));
    return run(module("probe"), limits, wasi(all, Map.of()));
  }

  String stdout() throws IOException {
    return Files.readString(directory.resolve("stdout"));
  }

  /** Starts work on a guest's thread. */
  static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(null, task, "guest", 4 << 20);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Does work on a guest's thread and waits for it. */
  static <T> T onGuestThread(Callable<T> work) throws Exception {
    try {
      return start(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
