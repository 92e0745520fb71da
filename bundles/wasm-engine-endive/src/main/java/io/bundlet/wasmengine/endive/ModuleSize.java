package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.sections.MalformedModule;
import io.bundlet.sections.ModuleReader;
import io.bundlet.sections.ModuleRewriter;
import io.bundlet.sections.ReadLimits;
import io.bundlet.sections.WasmModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks at a module's counts before it is parsed, because parsing makes objects: a hundred bytes of heap for a byte of
 * code, and four for each local, of which a few bytes of module can declare fifty thousand.
 */
final class ModuleSize {
  private static final long FUNCTIONS = 100_000;
  private static final long LOCALS = 4_000_000;
  private static final long HEAP_FOR_EACH_CODE_BYTE = 128;
  /** The file, a rewritten copy, and the segments as objects. */
  private static final long HEAP_FOR_EACH_BYTE = 3;
  private static final int CODE_SECTION = 10;

  private final long bytes;
  private final long codeBytes;
  private final long functions;

  private ModuleSize(long bytes, WasmModule outline) {
    this.bytes = bytes;
    this.codeBytes = outline.codeBytes();
    this.functions = outline.functions().length;
  }

  /** Looks at a file without taking it into the heap, and refuses what cannot keep to the limits. */
  static ModuleSize of(Path wasm, CompileLimits limits) throws InvalidModule {
    try (FileChannel channel = FileChannel.open(wasm, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
      long size = channel.size();
      if (size > Math.min(limits.moduleBytes(), Integer.MAX_VALUE - 8)) {
        throw new InvalidModule("the module has " + size + " bytes, more than the " + limits.moduleBytes()
            + " allowed");
      }
      if (size == 0) {
        throw new InvalidModule("not wasm: the file is empty; build or copy it again");
      }
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
      WasmModule outline = ModuleReader.read(mapped, ReadLimits.DEFAULT.withModuleBytes(limits.moduleBytes()));
      ModuleRewriter.check(outline, limits.memoryBytes(), limits.tableElements());
      return new ModuleSize(size, outline);
    } catch (MalformedModule e) {
      throw new InvalidModule(e.getMessage(), e);
    } catch (IOException e) {
      throw new InvalidModule("the module's file " + wasm + " cannot be read: " + Messages.of(e), e);
    } catch (InternalError e) { // what the JVM throws when a mapped file has become shorter
      throw new InvalidModule("the module's file " + wasm + " was cut short while it was read", e);
    }
  }

  long heapToCompile() {
    return bytes * HEAP_FOR_EACH_BYTE + codeBytes * HEAP_FOR_EACH_CODE_BYTE;
  }

  /** What remains of it in the heap for as long as it may run. */
  long heapToKeep() {
    return bytes;
  }

  /** Refuses what is too big for this many bytes of heap. */
  void check(long heap) throws InvalidModule {
    atMost(functions, FUNCTIONS, "functions");
    if (heapToCompile() > heap) {
      throw new InvalidModule("the module has " + bytes + " bytes, " + codeBytes + " of them code; compiling that here"
          + " takes " + (heapToCompile() >> 20) + " MiB of heap, more than the " + (heap >> 20)
          + " MiB that there are for it. Use the engine wasmtime, or give the node a larger heap");
    }
  }

  /** Refuses a module with too many local variables. */
  static void checkLocals(byte[] wasm, WasmModule outline) throws InvalidModule {
    for (WasmModule.Section section : outline.sections()) {
      if (section.id() == CODE_SECTION) {
        atMost(new Bodies(wasm, section.contentOffset()).locals(section.end()), LOCALS, "local variables");
      }
    }
  }

  private static void atMost(long count, long most, String what) throws InvalidModule {
    if (count > most) {
      throw new InvalidModule("the module has " + count + " " + what + ", more than the " + most + " allowed");
    }
  }

  /** Reads through the bodies of functions. */
  private static final class Bodies {
    private final byte[] wasm;
    private int at;

    Bodies(byte[] wasm, int at) {
      this.wasm = wasm;
      this.at = at;
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
}
