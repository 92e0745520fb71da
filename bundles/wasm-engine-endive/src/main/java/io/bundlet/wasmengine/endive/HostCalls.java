package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import java.util.List;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmFunctionHandle;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** A function of the host as one instance calls it, on its guest's thread. */
final class HostCalls implements WasmFunctionHandle {
  private static final long[] NOTHING = {};

  private final HostFunction function;
  /** What of each argument is a value's: of an i32, which Endive keeps sign-extended, the low half. */
  private final long[] masks;
  private final boolean[] narrowResults;
  private EndiveMemory memory;

  private HostCalls(HostFunction function, List<String> params, List<String> results) {
    this.function = function;
    masks = params.stream().mapToLong(type -> type.equals("i32") ? 0xffff_ffffL : -1).toArray();
    narrowResults = new boolean[results.size()];
    for (int i = 0; i < narrowResults.length; i++) {
      narrowResults[i] = results.get(i).equals("i32");
    }
  }

  /** Makes a function of the host callable by one instance. */
  static ImportFunction of(FunctionImport wanted, HostFunction function) {
    List<String> params = wanted.type().params();
    List<String> results = wanted.type().results();
    return new run.endive.runtime.HostFunction(
        wanted.module(),
        wanted.name(),
        FunctionType.of(types(params), types(results)),
        new HostCalls(function, params, results));
  }

  @Override
  public long[] apply(Instance instance, long... args) {
    long[] given = new long[masks.length];
    for (int i = 0; i < given.length; i++) {
      given[i] = args[i] & masks[i];
    }
    long[] answer = narrowResults.length == 0 ? NOTHING : new long[narrowResults.length];
    try {
      function.call(memory(instance), given, answer);
    } catch (GuestTrap e) {
      throw new TrapInFlight(e);
    }
    for (int i = 0; i < answer.length; i++) {
      if (narrowResults[i]) {
        answer[i] = (int) answer[i];
      }
    }
    return answer.length == 0 ? null : answer;
  }

  private EndiveMemory memory(Instance instance) {
    if (memory == null || !memory.isOf(instance)) {
      memory = new EndiveMemory(instance);
    }
    return memory;
  }

  /** An i32 in the low half, with nothing above it. */
  static void narrow(List<String> types, long[] values) {
    for (int i = 0; i < values.length; i++) {
      if (types.get(i).equals("i32")) {
        values[i] &= 0xffff_ffffL;
      }
    }
  }

  private static List<ValType> types(List<String> names) {
    return names.stream().map(HostCalls::type).toList();
  }

  private static ValType type(String name) {
    return switch (name) {
      case "i32" -> ValType.I32;
      case "i64" -> ValType.I64;
      case "f32" -> ValType.F32;
      case "f64" -> ValType.F64;
      default -> throw new IllegalArgumentException(name); // ModuleCheck lets only these four through
    };
  }
}
