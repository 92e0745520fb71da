package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import java.util.List;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.Instance;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** Makes functions of the host callable by guests. */
final class HostCalls {
  private HostCalls() {}

  static ImportFunction of(FunctionImport wanted, HostFunction function) {
    List<String> params = wanted.type().params();
    List<String> results = wanted.type().results();
    return new run.endive.runtime.HostFunction(
        wanted.module(),
        wanted.name(),
        FunctionType.of(types(params), types(results)),
        (instance, args) -> call(function, instance, params, args, results));
  }

  private static long[] call(
      HostFunction function, Instance instance, List<String> params, long[] args, List<String> results) {
    long[] given = args.clone();
    narrow(params, given);
    long[] answer = new long[results.size()];
    try {
      function.call(new EndiveMemory(instance), given, answer);
    } catch (GuestTrap e) {
      throw new TrapInFlight(e);
    }
    for (int i = 0; i < answer.length; i++) {
      if (results.get(i).equals("i32")) {
        answer[i] = (int) answer[i]; // Endive keeps an i32 sign-extended
      }
    }
    return answer.length == 0 ? null : answer;
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
