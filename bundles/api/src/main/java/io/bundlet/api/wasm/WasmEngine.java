package io.bundlet.api.wasm;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows core wasm: compile, instantiate, memory, call, kill. A service with the property {@link #NAME}. Activation does
 * no I/O and loads no native library; the first {@link #compile} may.
 */
@ConsumerType
public interface WasmEngine {
  /** Service property: the engine's name, such as {@code wasmtime}. */
  String NAME = "bundlet.wasm.engine";

  /** What this engine can do. Returns at once. */
  EngineInfo info();

  /**
   * Checks and compiles a module. Blocks, for up to seconds; any thread, but one with the stack of
   * {@link EngineInfo#stackBytes}, as native compilers recurse.
   *
   * @param wasm the module's file; it does not change while the compiled module is open
   * @param digest names the content, {@code sha256:} and 64 hex digits; the key of any cache
   * @param limits what to refuse and how far memories and tables may grow
   * @throws InvalidModule when the module is broken, asks for what the engine lacks, or exceeds the limits
   */
  CompiledModule compile(Path wasm, String digest, CompileLimits limits) throws InvalidModule;
}
