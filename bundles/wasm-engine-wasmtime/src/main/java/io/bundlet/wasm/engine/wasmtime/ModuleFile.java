package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.sections.ModuleRewriter;
import io.bundlet.sections.Signature;
import io.bundlet.sections.WasmModule;
import io.github.kawamuray.wasmtime.Engine;
import io.github.kawamuray.wasmtime.Module;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * A module's file, read and rewritten without ever being in the Java heap: it is mapped, and what is compiled is a
 * file that is there for that moment.
 *
 * @param path the original
 * @param limits its limits
 * @param wanted what it imports from the host
 * @param linked everything it imports once it is rewritten, in order; for the memory, {@link #MEMORY}
 * @param exports its exported functions
 * @param memory the bounds of its memory in pages; null when it has none
 * @param start whether it has a start function, then under {@link #START}
 */
record ModuleFile(
    Path path,
    CompileLimits limits,
    List<FunctionImport> wanted,
    List<ModuleRewriter.Name> linked,
    Map<String, Signature> exports,
    Pages memory,
    boolean start) {
  static final ModuleRewriter.Name MEMORY = new ModuleRewriter.Name("bundlet:wasi", "memory");
  static final ModuleRewriter.Name POLL = new ModuleRewriter.Name("bundlet:wasi", WasiNames.POLL);
  static final ModuleRewriter.Name NATIVE_POLL = new ModuleRewriter.Name(WasiNames.PREVIEW1, WasiNames.POLL);
  static final ModuleRewriter.Name OPEN = new ModuleRewriter.Name("bundlet:wasi", WasiNames.OPEN);
  static final ModuleRewriter.Name NATIVE_OPEN = new ModuleRewriter.Name(WasiNames.PREVIEW1, WasiNames.OPEN);
  static final ModuleRewriter.Name RENUMBER = new ModuleRewriter.Name("bundlet:wasi", WasiNames.RENUMBER);
  static final ModuleRewriter.Name NATIVE_RENUMBER = new ModuleRewriter.Name(WasiNames.PREVIEW1, WasiNames.RENUMBER);
  static final String START = "bundlet:start";
  static final String GROWTH = "bundlet:growth";

  /** What guests that have a memory get instead of native functions. */
  private static final Map<ModuleRewriter.Name, ModuleRewriter.Name> INSTEAD =
      Map.of(NATIVE_POLL, POLL, NATIVE_OPEN, OPEN, NATIVE_RENUMBER, RENUMBER);

  /** A compilation can take hundreds of megabytes, and uses all processors by itself. */
  private static final Semaphore COMPILERS = new Semaphore(2, true);

  /** The size of the memory that the host makes. @param limited whether its limit, not its own wish, ends its growth */
  record Pages(long minimum, long maximum, boolean limited) {}

  /** Whether it imports anything of WASI. */
  boolean wasi() {
    return linked.stream().anyMatch(
        each -> INSTEAD.containsValue(each) || each.module().equals(WasiNames.PREVIEW1));
  }

  static ModuleFile read(Path path, CompileLimits limits) throws InvalidModule {
    try (Arena arena = Arena.ofConfined()) {
      WasmModule module = ModuleCheck.read(map(path, limits, arena), limits);
      return new ModuleFile(
          path, limits, ModuleCheck.hostImports(module), linked(module), module.exportedFunctions(),
          pages(module, limits), module.start().isPresent());
    } catch (IOException e) {
      throw new InvalidModule("cannot be read: " + e, e);
    } catch (InternalError e) {
      throw cut(e);
    }
  }

  /** Compiles it for an engine, or finds it in the cache. */
  Module compile(Engine engine, Path scratch) throws InvalidModule {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer bytes = map(path, limits, arena);
      WasmModule module = ModuleCheck.read(bytes, limits);
      if (!linked(module).equals(linked)) {
        throw new InvalidModule(path + " has changed since it was checked");
      }
      Path file = Files.createTempFile(scratch, "module", ".wasm");
      try {
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE)) {
          ModuleRewriter rewriter = new ModuleRewriter(bytes, module);
          if (memory != null) {
            INSTEAD.forEach(rewriter::rename);
          }
          rewriter
              .memoryFrom(MEMORY.module(), MEMORY.name())
              .tablesUpTo(limits.tableElements())
              .startAs(START)
              .growthAs(GROWTH)
              .write(to);
        }
        return compileFile(engine, file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new InvalidModule("cannot be read or prepared: " + e, e);
    } catch (InternalError e) {
      throw cut(e);
    } catch (RuntimeException e) {
      throw new InvalidModule(oneLine(e.getMessage()), e);
    }
  }

  private static Module compileFile(Engine engine, Path file) throws InvalidModule {
    try {
      COMPILERS.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidModule("interrupted while other modules were being compiled", e);
    }
    try {
      return Module.fromFile(engine, file.toString());
    } finally {
      COMPILERS.release();
    }
  }

  private static ByteBuffer map(Path path, CompileLimits limits, Arena arena) throws IOException, InvalidModule {
    try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ))) {
      long size = channel.size();
      if (size > Math.min(limits.moduleBytes(), Integer.MAX_VALUE - 8)) {
        throw new InvalidModule(
            "the module of " + size + " bytes is above the limit of " + limits.moduleBytes() + " bytes");
      }
      if (size == 0) {
        throw new InvalidModule("not wasm: the file is empty; build or copy it again");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
    }
  }

  private static List<ModuleRewriter.Name> linked(WasmModule module) {
    boolean memory = ModuleRewriter.memoryOf(module) != null;
    List<ModuleRewriter.Name> names = new java.util.ArrayList<>();
    for (WasmModule.Import each : module.imports()) {
      ModuleRewriter.Name name = new ModuleRewriter.Name(each.module(), each.name());
      if (each.kind() == WasmModule.Kind.MEMORY) {
        name = MEMORY;
      } else if (memory) {
        name = INSTEAD.getOrDefault(name, name);
      }
      names.add(name);
    }
    if (!module.memories().isEmpty()) {
      names.add(MEMORY);
    }
    return List.copyOf(names);
  }

  private static Pages pages(WasmModule module, CompileLimits limits) {
    io.bundlet.sections.Bounds bounds = ModuleRewriter.memoryOf(module);
    if (bounds == null) {
      return null;
    }
    long cap = Math.min(limits.memoryBytes() >>> 16, 65_536);
    long wanted = bounds.maximum().orElse(65_536);
    return new Pages(bounds.minimum(), Math.min(wanted, cap), wanted > cap);
  }

  /** What the JVM throws when a mapped file has become shorter. */
  private static InvalidModule cut(InternalError e) {
    return new InvalidModule("the file was cut short while it was read", e);
  }

  /** Native messages have several lines, of which the last says most. */
  static String oneLine(String message) {
    if (message == null) {
      return "the native library gave no reason";
    }
    StringBuilder text = new StringBuilder();
    message.lines().map(String::strip).filter(each -> !each.isEmpty() && !each.equals("Caused by:")).limit(8)
        .forEach(each -> text.append(text.isEmpty() ? "" : ": ").append(each));
    return io.bundlet.sections.Names.printable(text.toString(), 400);
  }
}
