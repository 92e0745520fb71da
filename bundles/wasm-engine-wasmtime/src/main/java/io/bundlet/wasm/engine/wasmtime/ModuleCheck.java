package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.sections.MalformedModule;
import io.bundlet.sections.ModuleReader;
import io.bundlet.sections.ModuleRewriter;
import io.bundlet.sections.Names;
import io.bundlet.sections.ReadLimits;
import io.bundlet.sections.Signature;
import io.bundlet.sections.WasmModule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Decides whether a module may be compiled here, and says what it wants of its host. */
final class ModuleCheck {
  private static final Set<String> PASSABLE = Set.of("i32", "i64", "f32", "f64");
  private static final String RESERVED = "bundlet:";

  private ModuleCheck() {}

  /** Reads and checks. */
  static WasmModule read(ByteBuffer bytes, CompileLimits limits) throws InvalidModule {
    try {
      WasmModule module = ModuleReader.read(bytes, ReadLimits.DEFAULT.withModuleBytes(limits.moduleBytes()));
      ModuleRewriter.check(module, limits.memoryBytes(), limits.tableElements());
      for (WasmModule.Import each : module.imports()) {
        check(each);
      }
      for (WasmModule.Export each : module.exports()) {
        if (each.name().startsWith(RESERVED)) {
          throw new InvalidModule("exports '" + Names.printable(each.name()) + "', a name that is reserved");
        }
      }
      return module;
    } catch (MalformedModule e) {
      throw new InvalidModule(e.getMessage(), e);
    }
  }

  /** The imports that the host has to offer. */
  static List<FunctionImport> hostImports(WasmModule module) {
    List<FunctionImport> wanted = new ArrayList<>();
    for (WasmModule.Import each : module.imports()) {
      if (each.kind() == WasmModule.Kind.FUNCTION && !each.module().equals(WasiNames.PREVIEW1)) {
        wanted.add(new FunctionImport(each.module(), each.name(), type(each.signature())));
      }
    }
    return List.copyOf(wanted);
  }

  private static FunctionType type(Signature signature) {
    return new FunctionType(signature.params(), signature.results());
  }

  private static void check(WasmModule.Import wanted) throws InvalidModule {
    String full = "'" + Names.printable(wanted.module()) + "' '" + Names.printable(wanted.name()) + "'";
    if (wanted.module().startsWith(RESERVED)) {
      throw new InvalidModule("imports " + full + "; modules of this name are reserved");
    }
    if (wanted.module().equals(WasiNames.PREVIEW0)) {
      throw new InvalidModule(
          "imports " + full + ": it is built for WASI preview 0; build it for wasm32-wasi with a newer compiler");
    }
    boolean function = wanted.kind() == WasmModule.Kind.FUNCTION;
    if (wanted.module().equals(WasiNames.PREVIEW1)) {
      if (!function || !WasiNames.FUNCTIONS.contains(wanted.name())) {
        throw new InvalidModule(
            "imports " + full + ", which is not in WASI preview 1"
                + (wanted.name().startsWith("sock_") ? " (an extension of other runtimes)" : "")
                + "; build it without that import");
      }
      return;
    }
    if (!function && wanted.kind() != WasmModule.Kind.MEMORY) {
      throw new InvalidModule(
          "imports the " + wanted.kind().word() + " " + full + "; only functions and a memory can be imported");
    }
    if (function && !(PASSABLE.containsAll(wanted.signature().params())
        && PASSABLE.containsAll(wanted.signature().results()))) {
      throw new InvalidModule(
          "imports " + full + " of type " + type(wanted.signature())
              + "; the engine wasmtime passes i32, i64, f32 and f64 to host functions only");
    }
  }
}
