package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.sections.WasmModule;

/**
 * Looks at a module's counts before it is parsed, because parsing makes objects: a hundred bytes of heap for a byte of
 * code, and four for each local, of which a few bytes of module can declare fifty thousand.
 */
final class ModuleSize {
  private static final long FUNCTIONS = 100_000;
  private static final long LOCALS = 4_000_000;
  private static final long HEAP_FOR_EACH_CODE_BYTE = 128;
  private static final int CODE_SECTION = 10;

  private final byte[] wasm;
  private int at;

  private ModuleSize(byte[] wasm, int at) {
    this.wasm = wasm;
    this.at = at;
  }

  /** Refuses what is too big for a heap of this many bytes. */
  static void check(byte[] wasm, WasmModule outline, long heap) throws InvalidModule {
    atMost(outline.functions().length, FUNCTIONS, "functions");
    long needed = outline.codeBytes() * HEAP_FOR_EACH_CODE_BYTE;
    if (needed > heap / 2) {
      throw new InvalidModule("the module has " + outline.codeBytes() + " bytes of code; compiling that here takes "
          + (needed >> 20) + " MiB of heap, more than half of " + (heap >> 20)
          + " MiB. Use the engine wasmtime, or give the node a larger heap");
    }
    for (WasmModule.Section section : outline.sections()) {
      if (section.id() == CODE_SECTION) {
        atMost(new ModuleSize(wasm, section.contentOffset()).locals(section.end()), LOCALS, "local variables");
      }
    }
  }

  /** The local variables of all bodies together. */
  private long locals(int end) throws InvalidModule {
    long bodies = number();
    long sum = 0;
    for (long body = 0; body < bodies && at < end; body++) {
      long length = number();
      long next = at + length;
      if (next > end) {
        throw new InvalidModule("the body of function " + body + " is cut off");
      }
      long groups = number();
      for (long group = 0; group < groups && at < next; group++) {
        sum += number();
        at++; // the type; a longer one only makes the count wrong for modules that are refused later anyway
        if (sum > LOCALS) {
          return sum;
        }
      }
      at = (int) next;
    }
    return sum;
  }

  private static void atMost(long count, long most, String what) throws InvalidModule {
    if (count > most) {
      throw new InvalidModule("the module has " + count + " " + what + ", more than the " + most + " allowed");
    }
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  private long number() throws InvalidModule {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= wasm.length) {
        throw new InvalidModule("the module is cut off at byte " + at);
      }
      int part = wasm[at++];
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value & 0xffff_ffffL;
      }
    }
    throw new InvalidModule("there is a malformed number before byte " + at);
  }
}
