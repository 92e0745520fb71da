package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.sections.ModuleRewriter.Name;
import io.bundlet.sections.Names;
import io.bundlet.wasm.engine.wasmtime.Shims.Shim;
import io.github.kawamuray.wasmtime.Disposable;
import io.github.kawamuray.wasmtime.Extern;
import io.github.kawamuray.wasmtime.Func;
import io.github.kawamuray.wasmtime.Instance;
import io.github.kawamuray.wasmtime.Linker;
import io.github.kawamuray.wasmtime.Memory;
import io.github.kawamuray.wasmtime.MemoryType;
import io.github.kawamuray.wasmtime.Store;
import io.github.kawamuray.wasmtime.WasmFunctionError;
import io.github.kawamuray.wasmtime.wasi.WasiCtx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an instance together: store, memory, WASI, shims, host functions. It keeps everything native that it made, to
 * give it back in the reverse order.
 */
final class Linkage {
  private static final Logger log = LoggerFactory.getLogger(Linkage.class);

  private final WasmtimeModule.Native parts;
  private final ModuleFile file;
  private final Path scratch;
  private final Deque<Disposable> made = new ArrayDeque<>();
  private final Map<Name, Extern> offered = new HashMap<>();
  private Store<Void> store;
  private Linker wasi;
  private Memory memory;
  private Optional<Bell> bell = Optional.empty();
  private Haste haste = Haste.none();

  private Linkage(WasmtimeModule.Native parts, ModuleFile file, Path scratch) {
    this.parts = parts;
    this.file = file;
    this.scratch = scratch;
    made.push(parts.engine());
    made.push(parts.module());
    made.push(parts.shims());
  }

  /**
   * Makes an instance of its own engine, which from now on belongs to it, also when this fails.
   *
   * @param scratch a directory for files that live for a moment
   */
  static WasmtimeInstance instantiate(
      WasmtimeModule.Native parts, ModuleFile file, Path scratch, InstanceSpec spec, Imports imports, long budget)
      throws InvalidModule {
    Linkage linkage = new Linkage(parts, file, scratch);
    try {
      return linkage.link(spec, imports, budget);
    } catch (WasmFunctionError.TrapError e) {
      linkage.dispose();
      throw new InvalidModule("cannot be set up: " + TrapNames.message(e.trap()), e);
    } catch (InvalidModule | Error e) {
      linkage.dispose();
      throw e;
    } catch (RuntimeException e) {
      linkage.dispose();
      throw new InvalidModule("cannot be set up: " + ModuleFile.oneLine(e.getMessage()), e);
    }
  }

  private WasmtimeInstance link(InstanceSpec spec, Imports imports, long budget) throws InvalidModule {
    openStore(spec);
    if (file.memory() != null) {
      ModuleFile.Pages pages = file.memory();
      memory = keep(new Memory(store, new MemoryType(pages.minimum(), pages.maximum(), false)));
      offered.put(ModuleFile.MEMORY, Extern.fromMemory(memory));
    }
    if (file.linked().contains(ModuleFile.POLL)) {
      offerPoll();
    }
    if (file.linked().contains(ModuleFile.RENUMBER)) {
      offerRenumber();
    }
    if (file.linked().contains(ModuleFile.OPEN)) {
      offerOpen();
    }
    HostCalls calls = new HostCalls(new InstanceMemory(store, memory), budget);
    for (FunctionImport each : file.wanted()) {
      HostFunction function = imports.find(each).orElseThrow(() -> new InvalidModule(
          "imports '" + Names.printable(each.module()) + "' '" + Names.printable(each.name()) + "' of type "
              + each.type() + ", which nothing on this node offers"));
      offered.put(
          new Name(each.module(), each.name()),
          Extern.fromFunc(keep(new Func(store, calls.type(each.type()), calls.handler(each, function)))));
    }
    List<Extern> externs = new ArrayList<>();
    for (Name each : file.linked()) {
      externs.add(find(each));
    }
    store.setEpochDeadline(1);
    Instance instance = keep(new Instance(store, parts.module(), externs));
    return new WasmtimeInstance(this, spec.name(), parts.engine(), store, instance, calls, haste, file);
  }

  private void openStore(InstanceSpec spec) throws InvalidModule {
    if (!file.wasi()) {
      store = keep(new Store<>(null, parts.engine()));
      return;
    }
    WasiCtx context = WasiContext.open(spec.wasi().orElseThrow(
        () -> new InvalidModule("imports WASI, which this kind of container does not offer")));
    try {
      if (file.linked().contains(ModuleFile.POLL)) {
        bell = hang(context);
      }
      store = keep(new Store<>(null, parts.engine(), context));
    } catch (RuntimeException e) {
      context.dispose();
      throw e;
    }
    wasi = keep(new Linker(parts.engine()));
    WasiCtx.addToLinker(wasi);
  }

  private Optional<Bell> hang(WasiCtx context) {
    try {
      return Optional.of(keep(Bell.hang(context, scratch)));
    } catch (IOException | RuntimeException e) {
      log.warn("a guest wakes more often than others, as it can have no bell: {}", e.toString());
      return Optional.empty();
    }
  }

  private void offerPoll() throws InvalidModule {
    Instance polling = keep(new Instance(
        store, parts.shims().module(Shim.POLLER),
        List.of(find(ModuleFile.NATIVE_POLL), find(new Name(WasiNames.PREVIEW1, "clock_time_get")))));
    haste = Haste.of(store, keep(polling.getMemory(store, "memory").orElseThrow()), bell);
    Instance poll = keep(new Instance(
        store, parts.shims().module(Shim.POLL),
        List.of(
            offered.get(ModuleFile.MEMORY), function(polling, "put64"), function(polling, "get64"),
            function(polling, "poll"), function(polling, "now"))));
    offered.put(ModuleFile.POLL, function(poll, WasiNames.POLL));
  }

  private void offerRenumber() throws InvalidModule {
    Instance renumber = keep(new Instance(
        store, parts.shims().module(Shim.RENUMBER), List.of(find(ModuleFile.NATIVE_RENUMBER))));
    offered.put(ModuleFile.RENUMBER, function(renumber, WasiNames.RENUMBER));
  }

  private void offerOpen() throws InvalidModule {
    Instance open = keep(new Instance(
        store, parts.shims().module(Shim.OPEN),
        List.of(
            offered.get(ModuleFile.MEMORY), find(ModuleFile.NATIVE_OPEN),
            find(new Name(WasiNames.PREVIEW1, "path_filestat_get")))));
    offered.put(ModuleFile.OPEN, function(open, WasiNames.OPEN));
  }

  private Extern function(Instance of, String name) {
    return Extern.fromFunc(keep(of.getFunc(store, name).orElseThrow()));
  }

  private Extern find(Name name) throws InvalidModule {
    Extern known = offered.get(name);
    if (known != null) {
      return known;
    }
    Optional<Extern> found = wasi == null ? Optional.empty() : wasi.get(store, name.module(), name.name());
    Extern extern = found.orElseThrow(() -> new InvalidModule(
        "imports '" + Names.printable(name.module()) + "' '" + Names.printable(name.name())
            + "', which this engine's WASI lacks"));
    keep(extern.func());
    offered.put(name, extern);
    return extern;
  }

  /** Gives everything back: what was made last first, but the store before what its code came from. */
  void dispose() {
    for (Iterator<Disposable> each = made.iterator(); each.hasNext(); ) {
      each.next().dispose();
      each.remove();
    }
  }

  Func keepFunction(Func function) {
    return keep(function);
  }

  private <D extends Disposable> D keep(D disposable) {
    made.push(disposable);
    return disposable;
  }
}
