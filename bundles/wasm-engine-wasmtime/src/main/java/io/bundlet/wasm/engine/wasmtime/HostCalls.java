package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.sections.Names;
import io.github.kawamuray.wasmtime.Func;
import io.github.kawamuray.wasmtime.FuncType;
import io.github.kawamuray.wasmtime.Val;
import io.github.kawamuray.wasmtime.WasmFunctionError;
import java.util.List;

/**
 * An instance's calls into Java: counts them, and carries what a host function throws around the native frames,
 * which only let an exit pass. On the guest's thread.
 */
final class HostCalls {
  /** Any exit code does: what counts is the reason kept here. */
  private static final int UNWIND = 1;

  private final InstanceMemory memory;
  private final long budget;
  private long calls;
  private GuestTrap reason;

  HostCalls(InstanceMemory memory, long budget) {
    this.memory = memory;
    this.budget = budget;
  }

  InstanceMemory memory() {
    return memory;
  }

  /** A run begins: nothing was called yet. */
  void reset() {
    calls = 0;
    reason = null;
  }

  /** Why the host ended the run; null when it did not. */
  GuestTrap reason() {
    return reason;
  }

  FuncType type(FunctionType type) {
    return new FuncType(types(type.params()), types(type.results()));
  }

  Func.Handler<Void> handler(FunctionImport wanted, HostFunction function) {
    FunctionType type = wanted.type();
    return (caller, params, results) -> {
      try {
        if (reason != null || ++calls > budget) {
          throw reason != null ? reason : GuestTrap.hostCallBudget(budget);
        }
        long[] in = new long[params.length];
        for (int i = 0; i < in.length; i++) {
          in[i] = Slots.fromValue(params[i]);
        }
        long[] out = new long[results.length];
        function.call(memory, in, out);
        for (int i = 0; i < out.length; i++) {
          results[i] = Slots.toValue(type.results().get(i), out[i]);
        }
      } catch (GuestTrap e) {
        reason = e;
        throw new WasmFunctionError.I32ExitError(UNWIND);
      } catch (Throwable e) {
        reason = GuestTrap.trap(
            "the host function '" + Names.printable(wanted.module()) + "' '" + Names.printable(wanted.name())
                + "' failed: " + e, e);
        throw new WasmFunctionError.I32ExitError(UNWIND);
      }
    };
  }

  private static Val.Type[] types(List<String> names) {
    return names.stream().map(Slots::type).toArray(Val.Type[]::new);
  }
}
