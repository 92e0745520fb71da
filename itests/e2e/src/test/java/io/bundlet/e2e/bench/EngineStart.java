package io.bundlet.e2e.bench;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.api.wasm.WasmInstance;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
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
 * A process of its own that starts a module on the engine wasmtime, without a node: prints the milliseconds from
 * before the compile to the guest's first byte, a line each time. Arguments: the module, the directory of the cache,
 * and how often; 0 times fills the cache and says how long the first compile has taken.
 */
final class EngineStart {
  private static final String ENGINE = "io.bundlet.wasm.engine.wasmtime.WasmtimeEngine";
  /** A compile that takes so much less than the first one has found its result in the cache. */
  private static final int FASTER = 5;

  private final WasmEngine engine;
  private final Path module;
  /** What the engine knows it by in its cache. */
  private final String digest;
  private final Path directory;

  private EngineStart(Path module, Path cache) throws Exception {
    this.module = module;
    this.digest = "sha256:" + HexFormat.of().formatHex(
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(module)));
    this.directory = Files.createDirectories(cache.resolveSibling("fifos"));
    Constructor<?> made = Class.forName(ENGINE).getConstructors()[0];
    Class<?> settings = made.getParameterTypes()[0];
    Object chosen = Proxy.newProxyInstance(settings.getClassLoader(), new Class<?>[] {settings},
        (proxy, method, arguments) ->
            method.getName().equals("cache_directory") ? cache.toString() : method.getDefaultValue());
    this.engine = (WasmEngine) made.newInstance(chosen);
  }

  public static void main(String[] args) throws Exception {
    EngineStart start = new EngineStart(Path.of(args[0]), Path.of(args[1]));
    int times = Integer.parseInt(args[2]);
    if (times == 0) {
      System.out.println(onGuestThread(start::fill));
    }
    for (int i = 0; i < times; i++) {
      System.out.println(onGuestThread(start::first));
    }
  }

  private double fill() throws Exception {
    double cold = compile();
    // what is compiled may come into the cache a little later
    while (compile() * FASTER > cold) {
      Thread.onSpinWait();
    }
    return cold;
  }

  private double compile() throws Exception {
    long begin = System.nanoTime();
    engine.compile(module, digest, CompileLimits.DEFAULT).close();
    return (System.nanoTime() - begin) / 1e6;
  }

  private double first() throws Exception {
    Path stderr = directory.resolve("stderr");
    Files.write(stderr, new byte[0]);
    try (FirstByte first = new FirstByte(directory)) {
      WasiSettings wasi =
          new WasiSettings(List.of("big"), Map.of(), List.of(), directory.resolve(FirstByte.NAME), stderr);
      long begin = System.nanoTime();
      try (CompiledModule compiled = engine.compile(module, digest, CompileLimits.DEFAULT);
          WasmInstance instance =
              compiled.instantiate(new InstanceSpec("big", Optional.of(wasi)), wanted -> Optional.empty())) {
        instance.call("_start", new long[0], new long[0]);
        return (first.await() - begin) / 1e6;
      }
    }
  }

  private static <T> T onGuestThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(null, task, "guest", 4 << 20).start();
    return task.get();
  }
}
