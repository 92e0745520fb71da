package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.sections.Names;
import io.bundlet.sections.Signature;
import io.github.kawamuray.wasmtime.Engine;
import io.github.kawamuray.wasmtime.Func;
import io.github.kawamuray.wasmtime.Instance;
import io.github.kawamuray.wasmtime.Store;
import io.github.kawamuray.wasmtime.Val;
import io.github.kawamuray.wasmtime.WasmFunctionError;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A running instance. Everything but {@link #kill}, {@link #endsSoon} and {@link #memoryBytes} is the guest's thread's,
 * one at a time; it says so when it is not.
 */
final class WasmtimeInstance implements WasmInstance {
  private final Linkage linkage;
  private final String name;
  private final Store<Void> store;
  private final Instance instance;
  private final HostCalls calls;
  private final Haste haste;
  private final ModuleFile file;
  private final Map<String, Func> functions = new HashMap<>();
  private boolean started;

  /** Guards the engine between {@link #kill} and {@link #close}, and all that follows. Never held during a run. */
  private final Object lock = new Object();

  private final Engine engine;
  private Thread busy;
  private boolean closed;
  private String killed;

  WasmtimeInstance(
      Linkage linkage, String name, Engine engine, Store<Void> store, Instance instance, HostCalls calls,
      Haste haste, ModuleFile file) {
    this.linkage = linkage;
    this.name = name;
    this.engine = engine;
    this.store = store;
    this.instance = instance;
    this.calls = calls;
    this.haste = haste;
    this.file = file;
  }

  @Override
  public void call(String export, long[] args, long[] results) throws GuestTrap {
    WasmtimeEngine.requireDeepStack();
    Signature type = file.exports().get(export);
    if (type == null) {
      throw GuestTrap.trap("the module exports no function '" + Names.printable(export) + "'");
    }
    if (args.length != type.params().size() || results.length != type.results().size()) {
      throw GuestTrap.trap(
          "the function '" + Names.printable(export) + "' takes " + type.params() + " and gives " + type.results());
    }
    enter();
    try {
      calls.reset();
      if (!started) {
        started = true;
        if (file.start()) {
          run(ModuleFile.START, new Val[0]);
        }
      }
      Val[] in = new Val[args.length];
      for (int i = 0; i < in.length; i++) {
        in[i] = Slots.toValue(type.params().get(i), args[i]);
      }
      Val[] out = run(export, in);
      for (int i = 0; i < results.length; i++) {
        results[i] = Slots.fromValue(out[i]);
      }
    } catch (IllegalArgumentException e) {
      throw GuestTrap.trap(e.getMessage(), e);
    } finally {
      leave();
    }
  }

  @Override
  public GuestMemory memory() {
    return calls.memory();
  }

  @Override
  public void kill(String why) {
    synchronized (lock) {
      if (killed == null) {
        killed = why;
      }
      if (!closed) {
        engine.incrementEpoch();
        haste.make();
      }
    }
  }

  @Override
  public void endsSoon() {
    synchronized (lock) {
      if (!closed) {
        haste.make();
      }
    }
  }

  @Override
  public OptionalLong memoryBytes() {
    synchronized (lock) {
      if (closed) {
        return OptionalLong.of(0);
      }
    }
    return calls.memory().mapped();
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (busy != null) {
        throw new IllegalStateException(name + " cannot be closed while it runs on " + busy.getName());
      }
      closed = true;
    }
    calls.memory().close();
    linkage.dispose();
  }

  private Val[] run(String export, Val[] args) throws GuestTrap {
    Func function = functions.get(export);
    if (function == null) {
      function = linkage.keepFunction(instance.getFunc(store, export).orElseThrow(
          () -> GuestTrap.trap("the function '" + Names.printable(export) + "' has a name that cannot be called")));
      functions.put(export, function);
    }
    // First the deadline, then the flag: a kill between the two is either seen or moves the epoch past the deadline.
    store.setEpochDeadline(1);
    synchronized (lock) {
      if (killed != null) {
        throw GuestTrap.killed(killed);
      }
    }
    try {
      return function.call(store, args);
    } catch (WasmFunctionError.I32ExitError e) {
      throw calls.reason() != null ? calls.reason() : GuestTrap.exit(e.exitCode());
    } catch (WasmFunctionError.TrapError e) {
      synchronized (lock) {
        if (killed != null) {
          throw GuestTrap.killed(killed);
        }
      }
      String message = TrapNames.message(e.trap());
      throw TrapNames.mayLackMemory(e.trap()) && overItsLimit()
          ? GuestTrap.outOfMemory(file.limits().memoryBytes(), message, e)
          : GuestTrap.trap(message, e);
    } catch (RuntimeException e) {
      if (calls.reason() != null) {
        throw calls.reason();
      }
      throw GuestTrap.trap("wasm trap: " + ModuleFile.oneLine(e.getMessage()), e);
    }
  }

  /** Whether what it asked for last was memory, and its limit was in the way; as far as the module can tell. */
  private boolean overItsLimit() {
    if (file.memory() == null || !file.memory().limited()) {
      return false;
    }
    try {
      Optional<Func> growth = instance.getFunc(store, ModuleFile.GROWTH);
      if (growth.isEmpty()) {
        return false;
      }
      store.setEpochDeadline(1);
      return linkage.keepFunction(growth.get()).call(store)[0].i32() != 0;
    } catch (RuntimeException killed) {
      return false;
    }
  }

  private void enter() throws GuestTrap {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      if (busy != null) {
        throw new IllegalStateException(name + " is running already, on " + busy.getName());
      }
      busy = Thread.currentThread();
    }
  }

  private void leave() {
    synchronized (lock) {
      busy = null;
    }
  }
}
