package io.bundlet.api.wasm;

import java.util.Set;

/**
 * What an engine can do.
 *
 * @param name as in its service property
 * @param version the engine's version
 * @param features wasm proposals that it runs, by their usual names: {@code simd}, {@code tail-call}, ...
 * @param nativeWasi whether it brings {@code wasi_snapshot_preview1} itself; if so, {@link InstanceSpec#wasi} is
 *     honoured
 * @param stackBytes the stack that a thread needs to compile or run guests here
 * @param guestMemoryInHeap whether guest memory is taken from the Java heap
 */
public record EngineInfo(
    String name, String version, Set<String> features, boolean nativeWasi, long stackBytes, boolean guestMemoryInHeap) {
  public EngineInfo {
    features = Set.copyOf(features);
  }
}
