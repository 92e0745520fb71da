package io.bundlet.api.wasm;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * An engine that is on the node now.
 *
 * @param info what it says of itself
 * @param wasi the WASI that its guests can import now, by module names such as {@link #PREVIEW1}: its own, or that of
 *     host modules which are installed
 * @param guests how many containers run on it
 */
public record EngineState(EngineInfo info, Set<String> wasi, int guests) {
  /** The module name of WASI preview 1. */
  public static final String PREVIEW1 = "wasi_snapshot_preview1";
  /** The module name of what came before it, which some guests still import. */
  public static final String PREVIEW0 = "wasi_unstable";

  public EngineState {
    wasi = Collections.unmodifiableSet(new TreeSet<>(wasi));
  }
}
