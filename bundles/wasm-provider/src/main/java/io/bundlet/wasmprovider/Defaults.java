package io.bundlet.wasmprovider;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.wasm.CompileLimits;

/**
 * What a provider is configured with for pods that do not choose themselves.
 *
 * @param engine the engine's name; another is used for modules that it cannot run
 * @param memoryBytes the most memory of a container without a limit of its own
 */
public record Defaults(String engine, long memoryBytes) {
  /** The pod's annotation that chooses an engine. */
  public static final String ENGINE = "bundlet.io/wasm-engine";

  /** The limits for a container's module: its own of memory, as far as an address space goes. */
  public CompileLimits limits(ContainerConfig container) {
    long own = container.resources().memoryLimitBytes();
    CompileLimits most = CompileLimits.DEFAULT;
    long memory = Math.min(own > 0 ? own : memoryBytes, most.memoryBytes());
    return new CompileLimits(most.moduleBytes(), memory, most.tableElements());
  }
}
