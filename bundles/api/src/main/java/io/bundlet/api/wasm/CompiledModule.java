package io.bundlet.api.wasm;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A checked module that can be instantiated, several times and from several threads. */
@ConsumerType
public interface CompiledModule extends AutoCloseable {
  /** What it imports from the host, without what the engine brings itself. */
  List<FunctionImport> imports();

  /** The names of the functions that it exports. */
  List<String> exports();

  /**
   * Makes an instance, which also runs the module's start section. Call it on the thread that will run the guest.
   *
   * @param imports gives the host functions; asked for each of {@link #imports}
   * @throws InvalidModule when an import is missing or the start section traps
   */
  WasmInstance instantiate(InstanceSpec spec, Imports imports) throws InvalidModule;

  /** Gives its memory back. Idempotent; instances that exist go on. */
  @Override
  void close();
}
