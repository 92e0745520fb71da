package io.bundlet.sections;

/**
 * How much of everything a module may have. A reader keeps memory in proportion to these, not to the module's size.
 *
 * @param moduleBytes the module's size
 * @param functions functions with a body
 * @param types function types
 * @param imports imports of all kinds
 * @param exports exports of all kinds
 * @param bodyBytes the size of one function's body
 * @param locals local variables of one function, its parameters not counted
 * @param customSections custom sections
 * @param items tables, globals, element and data segments, each
 */
public record ReadLimits(
    long moduleBytes,
    int functions,
    int types,
    int imports,
    int exports,
    int bodyBytes,
    int locals,
    int customSections,
    int items) {
  /**
   * 256 MiB; 200,000 functions (the largest real programs known to us, compilers, have a tenth); the body size and
   * locals that browsers allow.
   */
  public static final ReadLimits DEFAULT =
      new ReadLimits(256L << 20, 200_000, 50_000, 10_000, 100_000, 7_654_321, 50_000, 10_000, 100_000);

  /** These limits with another size of the module. */
  public ReadLimits withModuleBytes(long bytes) {
    return new ReadLimits(
        bytes, functions, types, imports, exports, bodyBytes, locals, customSections, items);
  }
}
