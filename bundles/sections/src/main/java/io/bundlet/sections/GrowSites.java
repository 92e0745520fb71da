package io.bundlet.sections;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds where code asks for more memory. Steps over each instruction of those functions whose bytes look as if they
 * did, which few do. Where one of these holds an instruction that is not known here, or is malformed, no sites are
 * known: whoever compiles it will say what is wrong.
 */
final class GrowSites {
  private static final int MEMORY_GROW = 0x40;
  /** A module with more is of no compiler. */
  private static final int MOST = 100_000;

  private final Cursor code;
  private int[] found = new int[16];
  private int count;

  private GrowSites(Cursor code) {
    this.code = code;
  }

  /** The offsets of all instructions memory.grow, in order; empty when they cannot be told. */
  static Optional<int[]> of(ByteBuffer bytes, WasmModule.Section section) {
    GrowSites sites = new GrowSites(cursor(bytes, section));
    try {
      Instructions.each(sites.code, (sizeAt, begin, end) -> {
        if (mayGrow(bytes, begin, end)) {
          sites.body(end);
        }
      });
      return Optional.of(Arrays.copyOf(sites.found, sites.count));
    } catch (MalformedModule unknown) {
      return Optional.empty();
    }
  }

  static Cursor cursor(ByteBuffer bytes, WasmModule.Section section) {
    return new Cursor(bytes, "code section", section.contentOffset(), section.end());
  }

  /** Whether the instruction's byte is there, and what may be its operand: the number 0, of one byte or more. */
  private static boolean mayGrow(ByteBuffer bytes, int begin, int end) {
    for (int at = begin; at < end - 1; at++) {
      if (bytes.get(at) == MEMORY_GROW && bytes.get(at + 1) <= 0) {
        return true;
      }
    }
    return false;
  }

  private void body(int end) throws MalformedModule {
    Instructions.body(code, end, (at, instruction) -> {
      if (instruction == MEMORY_GROW) {
        add(at);
      }
    });
  }

  private void add(int at) throws MalformedModule {
    if (count == MOST) {
      throw code.fail("too many places grow the memory", at);
    }
    if (count == found.length) {
      found = Arrays.copyOf(found, 2 * count);
    }
    found[count++] = at;
  }
}
