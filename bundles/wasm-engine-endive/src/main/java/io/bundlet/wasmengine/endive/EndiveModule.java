package io.bundlet.wasmengine.endive;

import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.ValType;

/** One container's right to make instances of a module's code, within its own limits. */
final class EndiveModule implements CompiledModule {
  /** The name under which a start function is exported instead; no guest's own name looks like it. */
  static final String START = "bundlet start section";

  private final Code code;
  private final CompileLimits limits;
  private final HeapBudget budget;
  private final AtomicReference<Runnable> closing;
  private final List<FunctionImport> imports = new ArrayList<>();
  private final List<String> exports = new ArrayList<>();
  private boolean starts;

  /**
   * A module of this code.
   *
   * @param budget what memories take
   * @param closing gives the code back
   */
  EndiveModule(Code code, CompileLimits limits, HeapBudget budget, Runnable closing) {
    this.code = code;
    this.limits = limits;
    this.budget = budget;
    this.closing = new AtomicReference<>(closing);
    WasmModule module = code.module();
    module.importSection().stream()
        .map(run.endive.wasm.types.FunctionImport.class::cast)
        .forEach(wanted -> imports.add(
            new FunctionImport(wanted.module(), wanted.name(),
            type(module.typeSection().getType(wanted.typeIndex())))));
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      if (export.exportType() == ExternalType.FUNCTION && !export.name().equals(START)) {
        exports.add(export.name());
      }
      starts |= export.name().equals(START);
    }
  }

  @Override
  public List<FunctionImport> imports() {
    return List.copyOf(imports);
  }

  @Override
  public List<String> exports() {
    return List.copyOf(exports);
  }

  @Override
  public List<ContainerNote> notes() {
    return code.notes();
  }

  @Override
  public WasmInstance instantiate(InstanceSpec spec, Imports offered) throws InvalidModule {
    List<ImportFunction> functions = new ArrayList<>();
    for (FunctionImport wanted : imports) {
      HostFunction function = offered.find(wanted).orElseThrow(() -> new InvalidModule(
          "the module imports " + wanted.module() + "." + wanted.name() + wanted.type() + ", which nobody offers"));
      functions.add(HostCalls.of(wanted, function));
    }
    List<CountedMemory> memories = new ArrayList<>();
    try {
      Instance instance = Instance.builder(code.module())
          .withImportValues(ImportValues.builder().withFunctions(functions).build())
          .withMachineFactory(code.machines())
          .withMemoryFactory(declared -> memory(declared, memories))
          .withTableFactory(new CountedTables(limits.tableElements()))
          .withStart(false)
          .build();
      return new EndiveInstance(instance, memories, limits.memoryBytes(), starts);
    } catch (Throwable e) { // segments out of bounds and whatever else there is
      memories.forEach(CountedMemory::release);
      throw new InvalidModule("the module cannot be instantiated: " + Messages.of(e), e);
    }
  }

  private Memory memory(MemoryLimits declared, List<CountedMemory> made) {
    int most = ModuleCheck.pages(declared, limits);
    boolean limited = declared.maximumPages() > most && most == limits.memoryBytes() >>> 16;
    CountedMemory memory = new CountedMemory(new MemoryLimits(declared.initialPages(), most), limited, budget);
    made.add(memory);
    return memory;
  }

  /** The classes go with the last reference to them. */
  @Override
  public void close() {
    Runnable once = closing.getAndSet(null);
    if (once != null) {
      once.run();
    }
  }

  static FunctionType type(run.endive.wasm.types.FunctionType type) {
    return new FunctionType(names(type.params()), names(type.returns()));
  }

  private static List<String> names(List<ValType> types) {
    return types.stream().map(type -> type.name().toLowerCase(Locale.ROOT)).toList();
  }
}
