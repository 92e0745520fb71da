package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.InvalidModule;
import java.util.List;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.MemorySection;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.TableSection;
import run.endive.wasm.types.TagSection;

/** Refuses valid modules that ask for what this engine cannot bound in the heap, or what the host does not offer. */
final class ModuleCheck {
  private static final int TABLES = 100;
  private static final int PAGE = 64 << 10;

  private ModuleCheck() {}

  static void check(WasmModule module) throws InvalidModule {
    imports(module);
    memories(module);
    tables(module.tableSection());
    if (module.tagSection().map(TagSection::tagCount).orElse(0) > 0) {
      throw lacks("exceptions");
    }
    for (FunctionBody body : module.codeSection().functionBodies()) {
      for (Instruction instruction : body.instructions()) {
        instruction(instruction.opcode());
      }
    }
  }

  /** How many pages a memory of these limits may have. */
  static int pages(MemoryLimits declared, CompileLimits limits) {
    return (int) Math.min(Math.min(declared.maximumPages(), limits.memoryBytes() / PAGE),
        run.endive.runtime.Memory.RUNTIME_MAX_PAGES);
  }

  private static void imports(WasmModule module) throws InvalidModule {
    for (Import wanted : module.importSection().stream().toList()) {
      if (wanted.importType() != ExternalType.FUNCTION) {
        throw new InvalidModule("the module imports " + wanted.module() + "." + wanted.name() + ", a "
            + wanted.importType().name().toLowerCase(java.util.Locale.ROOT) + "; the host offers functions only");
      }
      FunctionType type = module.typeSection().getType(((FunctionImport) wanted).typeIndex());
      for (List<run.endive.wasm.types.ValType> values : List.of(type.params(), type.returns())) {
        if (!values.stream().allMatch(run.endive.wasm.types.ValType::isNumeric)) {
          throw new InvalidModule("the imported function " + wanted.module() + "." + wanted.name() + " has the type "
              + type + "; only numbers can be passed to the host");
        }
      }
    }
  }

  private static void memories(WasmModule module) throws InvalidModule {
    MemorySection memories = module.memorySection().orElse(null);
    if (memories == null) {
      return;
    }
    if (memories.memoryCount() > 1) {
      throw lacks("multi-memory");
    }
    for (int i = 0; i < memories.memoryCount(); i++) {
      MemoryLimits declared = memories.getMemory(i).limits();
      if (declared.shared()) {
        throw lacks("threads");
      }
    }
  }

  private static void tables(TableSection tables) throws InvalidModule {
    if (tables.tableCount() > TABLES) {
      throw new InvalidModule("the module has " + tables.tableCount() + " tables, more than the " + TABLES
          + " allowed");
    }
  }

  private static void instruction(OpCode code) throws InvalidModule {
    String name = code.name();
    if (name.startsWith("STRUCT_") || name.startsWith("ARRAY_") || name.equals("REF_I31")) {
      throw lacks("gc");
    }
    if (name.startsWith("THROW") || name.equals("TRY_TABLE")) {
      throw lacks("exceptions");
    }
    if (name.contains("ATOMIC")) {
      throw lacks("threads");
    }
  }

  private static InvalidModule lacks(String feature) {
    return new InvalidModule("the module uses " + feature + ", which the engine endive does not offer");
  }
}
