package io.bundlet.api.wasm;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Gives an engine the host functions that an instance imports. Implemented by wasm-host. */
@ProviderType
@FunctionalInterface
public interface Imports {
  /** The function for this import; empty when nobody offers it. */
  Optional<HostFunction> find(FunctionImport wanted);
}
