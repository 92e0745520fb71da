package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import io.github.kawamuray.wasmtime.Engine;
import io.github.kawamuray.wasmtime.Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A module that was checked and compiled once. Each instance needs an engine of its own: the first one takes that
 * of the check, each later one compiles again, which with a cache is a look-up.
 */
final class WasmtimeModule implements CompiledModule {
  private final Supplier<EngineFactory> factory;
  private final ModuleFile file;
  private final String digest;
  private final long hostCallBudget;
  private Native ready;
  private boolean closed;

  /** An engine and what was compiled for it. */
  record Native(Engine engine, Module module, Shims shims) {
    void dispose() {
      shims.dispose();
      module.dispose();
      engine.dispose();
    }
  }

  WasmtimeModule(Supplier<EngineFactory> factory, ModuleFile file, String digest, long hostCallBudget) {
    this.factory = factory;
    this.digest = digest;
    this.file = file;
    this.hostCallBudget = hostCallBudget;
  }

  /** Compiles for the first instance. */
  void compile() throws InvalidModule {
    Native made = make();
    synchronized (this) {
      ready = made;
    }
  }

  @Override
  public List<FunctionImport> imports() {
    return file.wanted();
  }

  @Override
  public List<String> exports() {
    return List.copyOf(file.exports().keySet());
  }

  @Override
  public WasmInstance instantiate(InstanceSpec spec, Imports imports) throws InvalidModule {
    WasmtimeEngine.requireDeepStack();
    Native taken;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the module is closed");
      }
      taken = ready;
      ready = null;
    }
    Native parts = taken == null ? make() : taken;
    Path scratch;
    try {
      scratch = scratch();
    } catch (InvalidModule e) {
      parts.dispose();
      throw e;
    }
    return Linkage.instantiate(parts, file, scratch, spec, imports, hostCallBudget);
  }

  @Override
  public void close() {
    Native unused;
    synchronized (this) {
      closed = true;
      unused = ready;
      ready = null;
    }
    if (unused != null) {
      unused.dispose();
    }
  }

  private Native make() throws InvalidModule {
    EngineFactory with = factory.get();
    Engine engine = with.newEngine(digest);
    Shims shims = null;
    try {
      shims = Shims.compile(engine, file);
      Module module = file.compile(engine, scratch());
      with.compiled(digest);
      return new Native(engine, module, shims);
    } catch (InvalidModule | RuntimeException | Error e) {
      if (shims != null) {
        shims.dispose();
      }
      engine.dispose();
      throw e;
    }
  }

  private Path scratch() throws InvalidModule {
    try {
      return factory.get().scratch();
    } catch (IOException e) {
      throw new InvalidModule("no directory to prepare it in: " + e.getMessage(), e);
    }
  }
}
