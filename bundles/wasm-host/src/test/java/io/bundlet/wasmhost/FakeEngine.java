package io.bundlet.wasmhost;

import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.api.wasm.WasmInstance;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An engine whose guests are scripts in Java, found by the module's file name. */
final class FakeEngine implements WasmEngine {
  /** What a guest does when one of its exports is called. */
  interface Script {
    void run(Running guest) throws GuestTrap, IOException, InterruptedException;
  }

  /** A module: what it imports and, by name, what it exports. */
  record Module(List<FunctionImport> imports, Map<String, Script> exports) {}

  final Map<String, Module> modules = new ConcurrentHashMap<>();
  /** What is to be known of all its modules. */
  volatile List<ContainerNote> notes = List.of();
  final AtomicInteger openModules = new AtomicInteger();
  final AtomicInteger openInstances = new AtomicInteger();
  final AtomicInteger instantiated = new AtomicInteger();
  volatile CountDownLatch compileGate = new CountDownLatch(0);
  final CountDownLatch compiling = new CountDownLatch(1);
  /** How it finds out how much memory a guest has. */
  volatile Supplier<OptionalLong> measure = OptionalLong::empty;

  /** A command that does this. */
  FakeEngine command(String name, Script start) {
    modules.put(name, new Module(List.of(), Map.of("_start", start)));
    return this;
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo("fake", "1", Set.of(), true, 512 << 10, false);
  }

  @Override
  public CompiledModule compile(Path wasm, String digest, CompileLimits limits) throws InvalidModule {
    compiling.countDown();
    try {
      compileGate.await();
    } catch (InterruptedException e) {
      throw new InvalidModule("interrupted");
    }
    Module module = modules.get(wasm.getFileName().toString());
    if (module == null) {
      throw new InvalidModule(wasm + " is not a wasm module: it ends at byte 3");
    }
    openModules.incrementAndGet();
    return new Compiled(module);
  }

  private final class Compiled implements CompiledModule {
    private final Module module;
    private boolean closed;

    Compiled(Module module) {
      this.module = module;
    }

    @Override
    public List<FunctionImport> imports() {
      return module.imports();
    }

    @Override
    public List<String> exports() {
      return List.copyOf(module.exports().keySet());
    }

    @Override
    public List<ContainerNote> notes() {
      return notes;
    }

    @Override
    public WasmInstance instantiate(InstanceSpec spec, Imports imports) throws InvalidModule {
      Map<String, HostFunction> found = new HashMap<>();
      for (FunctionImport wanted : module.imports()) {
        found.put(
            wanted.module() + "." + wanted.name(),
            imports.find(wanted).orElseThrow(() -> new InvalidModule("no import " + wanted.name())));
      }
      instantiated.incrementAndGet();
      openInstances.incrementAndGet();
      return new Running(module, spec.wasi().orElse(null), found);
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        openModules.decrementAndGet();
      }
    }
  }

  /** A running guest, with what a script can do. */
  final class Running implements WasmInstance {
    final WasiSettings wasi;
    private final Module module;
    private final Map<String, HostFunction> imports;
    private final CountDownLatch killed = new CountDownLatch(1);
    private final OutputStream out;
    private final OutputStream err;
    private volatile String why;
    private boolean closed;

    Running(Module module, WasiSettings wasi, Map<String, HostFunction> imports) throws InvalidModule {
      this.module = module;
      this.wasi = wasi;
      this.imports = imports;
      try {
        this.out = wasi == null ? OutputStream.nullOutputStream() : new FileOutputStream(wasi.stdout().toFile());
        this.err = wasi == null ? OutputStream.nullOutputStream() : new FileOutputStream(wasi.stderr().toFile());
      } catch (IOException e) {
        throw new InvalidModule("cannot open output: " + e);
      }
    }

    void print(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    void printError(String text) throws IOException {
      err.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Computes or sleeps until it is killed. */
    void spin() throws GuestTrap {
      while (true) {
        try {
          killed.await();
          throw GuestTrap.killed(why);
        } catch (InterruptedException e) {
          // As native code, which no interrupt ends.
        }
      }
    }

    long callHost(String name, long... args) throws GuestTrap {
      long[] results = new long[1];
      imports.get(name).call(memory(), args, results);
      return results[0];
    }

    @Override
    public void call(String export, long[] args, long[] results) throws GuestTrap {
      if (why != null) {
        throw GuestTrap.killed(why);
      }
      try {
        module.exports().get(export).run(this);
      } catch (IOException e) {
        throw GuestTrap.trap("i/o: " + e);
      } catch (InterruptedException e) {
        throw GuestTrap.killed("interrupted");
      }
    }

    @Override
    public GuestMemory memory() {
      return new GuestMemory() {
        @Override
        public long size() {
          return 0;
        }

        @Override
        public void read(long at, byte[] to, int offset, int length) {}

        @Override
        public void write(long at, byte[] from, int offset, int length) {}
      };
    }

    @Override
    public OptionalLong memoryBytes() {
      return measure.get();
    }

    @Override
    public void kill(String reason) {
      if (closed) {
        throw new IllegalStateException("a closed instance was touched: native code would have crashed");
      }
      why = reason;
      killed.countDown();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openInstances.decrementAndGet();
        try {
          out.close();
          err.close();
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
