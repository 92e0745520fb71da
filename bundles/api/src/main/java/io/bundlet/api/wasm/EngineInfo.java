package io.bundlet.api.wasm;

import java.util.List;
import java.util.Set;

/**
 * What an engine can do.
 *
 * @param name as in its service property
 * @param version the engine's version
 * @param features which of {@link #PROPOSALS} it runs, and others by their usual names; a module that uses one that is
 *     missing here is not given to it
 * @param nativeWasi whether it brings {@code wasi_snapshot_preview1} itself; if so, {@link InstanceSpec#wasi} is
 *     honoured
 * @param stackBytes the stack that a thread needs to compile or run guests here
 * @param guestMemoryInHeap whether guest memory is taken from the Java heap
 * @param gaps what a guest may miss here beside proposals, in words for people, one thing each
 */
public record EngineInfo(
    String name,
    String version,
    Set<String> features,
    boolean nativeWasi,
    long stackBytes,
    boolean guestMemoryInHeap,
    List<String> gaps) {
  /** The proposals that the node tells from a module's bytes, the oldest first. */
  public static final List<String> PROPOSALS =
      List.of(
          "multi-value", "sign-extension", "nontrapping-float-to-int", "bulk-memory", "reference-types", "simd",
          "relaxed-simd", "extended-const", "tail-call", "multi-memory", "memory64", "threads", "exceptions",
          "legacy-exceptions", "function-references", "gc");

  public EngineInfo {
    features = Set.copyOf(features);
    gaps = List.copyOf(gaps);
  }

  /** An engine of whose gaps nothing is known. */
  public EngineInfo(
      String name, String version, Set<String> features, boolean nativeWasi, long stackBytes,
      boolean guestMemoryInHeap) {
    this(name, version, features, nativeWasi, stackBytes, guestMemoryInHeap, List.of());
  }
}
