package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Trap;

/** What traps are called in the specification and by wasmtime. */
final class TrapNames {
  private TrapNames() {}

  /** How programs end that got no memory: by giving up, or by using an address that is none. */
  static boolean mayLackMemory(Trap trap) {
    return trap == Trap.UNREACHABLE_CODE_REACHED || trap == Trap.MEMORY_OUT_OF_BOUNDS;
  }

  static String message(Trap trap) {
    return "wasm trap: " + switch (trap) {
      case STACK_OVERFLOW -> "call stack exhausted";
      case MEMORY_OUT_OF_BOUNDS -> "out of bounds memory access";
      case HEAP_MISALIGNED -> "misaligned memory access";
      case TABLE_OUT_OF_BOUNDS -> "out of bounds table access";
      case INDIRECT_CALL_TO_NULL -> "uninitialized table element";
      case BAD_SIGNATURE -> "indirect call type mismatch";
      case INTEGER_OVERFLOW -> "integer overflow";
      case INTEGER_DIVISION_BY_ZERO -> "integer divide by zero";
      case BAD_CONVERSION_TO_INTEGER -> "invalid conversion to integer";
      case UNREACHABLE_CODE_REACHED -> "unreachable";
      case INTERRUPT -> "interrupt";
      case ALWAYS_TRAP_ADAPTER, OUF_OF_FUEL, UNKNOWN -> "unknown";
    };
  }
}
