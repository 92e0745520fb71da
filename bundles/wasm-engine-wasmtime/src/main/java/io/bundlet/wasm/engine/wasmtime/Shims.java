package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Disposable;
import io.github.kawamuray.wasmtime.Engine;
import io.github.kawamuray.wasmtime.Module;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The modules that stand between one guest and native WASI, compiled for its engine: those that the guest needs. As
 * they come into the guest's place in the cache, they are compiled with the guest and before that is sealed.
 */
final class Shims implements Disposable {
  /** A module of ours. */
  enum Shim {
    POLL("poll.wasm"), POLLER("poller.wasm"), OPEN("open.wasm"), RENUMBER("renumber.wasm");

    private final byte[] bytes;

    Shim(String resource) {
      this.bytes = Shims.resource(resource);
    }
  }

  private final Map<Shim, Module> compiled = new HashMap<>();

  private Shims() {}

  /** Compiles those that this guest needs, or finds them in the cache. */
  static Shims compile(Engine engine, ModuleFile guest) {
    Shims shims = new Shims();
    try {
      if (guest.linked().contains(ModuleFile.POLL)) {
        shims.add(engine, Shim.POLLER);
        shims.add(engine, Shim.POLL);
      }
      if (guest.linked().contains(ModuleFile.OPEN)) {
        shims.add(engine, Shim.OPEN);
      }
      if (guest.linked().contains(ModuleFile.RENUMBER)) {
        shims.add(engine, Shim.RENUMBER);
      }
      return shims;
    } catch (RuntimeException | Error e) {
      shims.dispose();
      throw e;
    }
  }

  private void add(Engine engine, Shim shim) {
    compiled.put(shim, Module.fromBinary(engine, shim.bytes));
  }

  /** One that the guest needs. */
  Module module(Shim shim) {
    return compiled.get(shim);
  }

  @Override
  public void dispose() {
    compiled.values().forEach(Module::dispose);
    compiled.clear();
  }

  private static byte[] resource(String name) {
    try (InputStream in = Shims.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("this bundle lacks its " + name, e);
    }
  }
}
