package io.bundlet.api.wasm;

/**
 * Bounds for one module.
 *
 * @param moduleBytes the largest module that is read
 * @param memoryBytes how far its memory may grow, whatever maximum it declares; a larger minimum is refused
 * @param tableElements how far all its tables together may grow; a larger minimum is refused
 */
public record CompileLimits(long moduleBytes, long memoryBytes, long tableElements) {
  /** 256 MiB of module, 4 GiB of memory (all that wasm32 can address), a million table elements. */
  public static final CompileLimits DEFAULT = new CompileLimits(256L << 20, 4L << 30, 1_000_000);
}
