package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ContainerNote;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A checked module that can be instantiated, several times and from several threads. */
@ConsumerType
public interface CompiledModule extends AutoCloseable {
  /** What it imports from the host, without what the engine brings itself. */
  List<FunctionImport> imports();

  /** The names of the functions that it exports. */
  List<String> exports();

  /** What should be known of how it runs here, such as that it is slower than elsewhere; the same each time. */
  default List<ContainerNote> notes() {
    return List.of();
  }

  /**
   * Makes an instance. Call it on the thread that will run the guest. The module's start section is guest code that may
   * never end, so it runs at the instance's first call, where {@link WasmInstance#kill} reaches it.
   *
   * @param imports gives the host functions; asked for each of {@link #imports}
   * @throws InvalidModule when an import is missing or a segment lies outside its memory or table
   */
  WasmInstance instantiate(InstanceSpec spec, Imports imports) throws InvalidModule;

  /** Gives its memory back. Idempotent; instances that exist go on. */
  @Override
  void close();
}
