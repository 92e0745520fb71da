package io.bundlet.wasmengine.endive;

import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.sections.MalformedModule;
import io.bundlet.sections.ModuleReader;
import io.bundlet.sections.ModuleRewriter;
import io.bundlet.sections.ReadLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/** Compiles modules with Endive. */
@Component(property = WasmEngine.NAME + "=endive")
public final class EndiveEngine implements WasmEngine {
  /** The note of a module of which a part is interpreted. */
  static final String INTERPRETED = "GuestInterpreted";

  private static final EngineInfo INFO =
      new EngineInfo(
          "endive",
          "1.0.0",
          Set.of(
              "bulk-memory", "extended-const", "function-references", "multi-value", "nontrapping-float-to-int",
              "reference-types", "sign-extension", "tail-call"),
          false,
          512 << 10,
          true,
          List.of("a function beyond the JVM's 64 KB is interpreted, some hundred times slower (" + INTERPRETED + ")"));

  /** Two at a time are enough for two cores. */
  private final Semaphore compilers = new Semaphore(2, true);

  /** What compiling may take of the heap, in MiB, and after it the guests; the rest is the node's own. */
  private final Semaphore compileHeap = new Semaphore(mebibytes(share()), true);

  private final HeapBudget guests = new HeapBudget(share());
  private final SharedCode shared = new SharedCode(guests);

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public CompiledModule compile(Path wasm, String digest, CompileLimits limits) throws InvalidModule {
    ModuleSize size = ModuleSize.of(wasm, limits);
    size.check(share());
    try {
      Code code = shared.take(digest, () -> compileInTurn(wasm, size, limits));
      return new EndiveModule(code, limits, guests, () -> shared.give(digest));
    } catch (InterruptedException e) {
      throw interrupted(wasm, e);
    }
  }

  private static InvalidModule interrupted(Path wasm, InterruptedException why) {
    Thread.currentThread().interrupt();
    return new InvalidModule("interrupted before " + wasm.getFileName() + " was compiled", why);
  }

  private Code compileInTurn(Path wasm, ModuleSize size, CompileLimits limits) throws InvalidModule {
    try {
      compilers.acquire();
    } catch (InterruptedException e) {
      throw interrupted(wasm, e);
    }
    try {
      return compileInHeap(wasm, size, limits);
    } finally {
      compilers.release();
    }
  }

  /** Waits until there is heap for it, which others who compile give back. */
  private Code compileInHeap(Path wasm, ModuleSize size, CompileLimits limits) throws InvalidModule {
    int heap = mebibytes(size.heapToCompile());
    try {
      compileHeap.acquire(heap);
    } catch (InterruptedException e) {
      throw interrupted(wasm, e);
    }
    try {
      if (!guests.take(size.heapToKeep())) {
        throw new InvalidModule(guests.refusal("the module", size.heapToKeep()));
      }
      boolean made = false;
      try {
        Code code = compile(wasm, limits, size.heapToKeep());
        made = true;
        return code;
      } finally {
        if (!made) {
          guests.give(size.heapToKeep());
        }
      }
    } finally {
      compileHeap.release(heap);
    }
  }

  private static Code compile(Path wasm, CompileLimits limits, long held) throws InvalidModule {
    byte[] bytes = outlined(read(wasm, limits), limits);
    WasmModule module;
    try {
      module = Parser.parse(bytes);
    } catch (Throwable e) { // the parser meets broken modules with exceptions of any kind, StackOverflowError included
      throw new InvalidModule("not a valid wasm module: " + Messages.of(e), e);
    }
    try {
      ModuleCheck.check(module);
      Machines machines = machines(module);
      if (!machines.interpret() && machines.make() instanceof run.endive.runtime.CompiledModule compiled) {
        module = Parser.parse(Bodiless.of(bytes, outline(ByteBuffer.wrap(bytes), limits)));
        machines = new Machines(compiled.machineFactory(), false, List.of());
      }
      return new Code(module, machines.make(), machines.notes(), held);
    } catch (InvalidModule e) {
      throw e;
    } catch (Throwable e) { // as above, for the compiler
      throw new InvalidModule("the module cannot be compiled: " + Messages.of(e), e);
    }
  }

  /** For compiling and for guests, each. */
  private static long share() {
    return Runtime.getRuntime().maxMemory() / 8 * 3;
  }

  private static int mebibytes(long bytes) {
    return (int) (bytes >> 20) + 1;
  }

  /** The module with its start function as an export, so that it runs where it can be killed. */
  private static byte[] outlined(byte[] bytes, CompileLimits limits) throws InvalidModule {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      var outline = outline(buffer, limits);
      ModuleSize.checkLocals(bytes, outline);
      if (outline.start().isEmpty()) {
        return bytes;
      }
      ByteArrayOutputStream rewritten = new ByteArrayOutputStream(bytes.length + 64);
      new ModuleRewriter(buffer, outline).startAs(EndiveModule.START).write(Channels.newChannel(rewritten));
      return rewritten.toByteArray();
    } catch (MalformedModule e) {
      throw new InvalidModule(e.getMessage(), e);
    } catch (IOException e) {
      throw new InvalidModule("the module cannot be rewritten: " + Messages.of(e), e);
    }
  }

  private static io.bundlet.sections.WasmModule outline(ByteBuffer bytes, CompileLimits limits) throws MalformedModule {
    return ModuleReader.read(bytes, ReadLimits.DEFAULT.withModuleBytes(limits.moduleBytes()));
  }

  private static byte[] read(Path wasm, CompileLimits limits) throws InvalidModule {
    try {
      long size = Files.size(wasm);
      if (size > limits.moduleBytes()) {
        throw new InvalidModule("the module has " + size + " bytes, more than the " + limits.moduleBytes()
            + " allowed");
      }
      return Files.readAllBytes(wasm);
    } catch (IOException e) {
      throw new InvalidModule("the module's file " + wasm + " cannot be read: " + Messages.of(e), e);
    }
  }

  /** What makes a machine for an instance, whether it reads the bodies of functions for that, what is to be known. */
  private record Machines(Function<Instance, Machine> make, boolean interpret, List<ContainerNote> notes) {}

  private static Machines machines(WasmModule module) {
    try {
      return new Machines(
          MachineFactoryCompiler.builder(module).withInterpreterFallback(InterpreterFallback.FAIL).compile(), false,
          List.of());
    } catch (WasmEngineException e) {
      // Endive tells of functions beyond the JVM's 64 KB limit only in this way, or on standard error.
      if (!String.valueOf(e.getMessage()).contains("interpreter")) {
        throw e;
      }
      ContainerNote note = new ContainerNote(INTERPRETED, "The module has functions too big for the JVM, which the"
          + " engine endive interprets, some hundred times slower: " + Messages.of(e)
          + ". The engine wasmtime compiles them: bundlet.io/wasm-engine: wasmtime");
      return new Machines(
          MachineFactoryCompiler.builder(module).withInterpreterFallback(InterpreterFallback.SILENT).compile(), true,
          List.of(note));
    }
  }
}
