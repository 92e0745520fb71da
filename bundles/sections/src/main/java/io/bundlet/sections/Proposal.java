package io.bundlet.sections;

import java.util.Locale;

/** What was added to wasm after its first version and can be told from a module's bytes. */
public enum Proposal {
  MULTI_VALUE,
  SIGN_EXTENSION,
  NONTRAPPING_FLOAT_TO_INT,
  BULK_MEMORY,
  REFERENCE_TYPES,
  SIMD,
  RELAXED_SIMD,
  EXTENDED_CONST,
  TAIL_CALL,
  MULTI_MEMORY,
  MEMORY64,
  THREADS,
  /** With {@code try_table}, as standardised; and where nothing tells which of both is meant. */
  EXCEPTIONS,
  /** With {@code try}, as browsers had it first. */
  LEGACY_EXCEPTIONS,
  FUNCTION_REFERENCES,
  GC;

  /** Its usual name: {@code multi-value}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
