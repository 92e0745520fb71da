package io.bundlet.sections;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds where code asks for more memory. Steps over each instruction of each function; code that holds an instruction
 * that is not known here, or is malformed, has no known sites: whoever compiles it will say what is wrong.
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

  /** One function: where its size stands, where its body begins and ends. */
  @FunctionalInterface
  interface Bodies {
    void body(int sizeAt, int begin, int end) throws MalformedModule;
  }

  /** The offsets of all instructions memory.grow, in order; empty when they cannot be told. */
  static Optional<int[]> of(ByteBuffer bytes, WasmModule.Section section) {
    GrowSites sites = new GrowSites(cursor(bytes, section));
    try {
      each(sites.code, (sizeAt, begin, end) -> sites.body(end));
      return Optional.of(Arrays.copyOf(sites.found, sites.count));
    } catch (MalformedModule unknown) {
      return Optional.empty();
    }
  }

  static Cursor cursor(ByteBuffer bytes, WasmModule.Section section) {
    return new Cursor(bytes, "code section", section.contentOffset(), section.end());
  }

  /** Visits all functions; the visitor may move the cursor within the body. */
  static void each(Cursor code, Bodies visitor) throws MalformedModule {
    int functions = code.count("functions", Integer.MAX_VALUE);
    for (int i = 0; i < functions; i++) {
      int sizeAt = code.at();
      int size = code.u32("a function's size", Integer.MAX_VALUE);
      int begin = code.at();
      if (size > code.left()) {
        throw code.fail("ends inside a function", sizeAt);
      }
      visitor.body(sizeAt, begin, begin + size);
      code.skip(begin + size - code.at(), "a function");
    }
  }

  private void body(int end) throws MalformedModule {
    int groups = code.u32("groups of locals", Integer.MAX_VALUE);
    for (int i = 0; i < groups && code.at() < end; i++) {
      number();
      code.skip(1, "a local's type");
    }
    while (code.at() < end) {
      int at = code.at();
      int instruction = code.byteValue("an instruction");
      if (instruction == MEMORY_GROW) {
        add(at);
      }
      operands(instruction);
    }
    if (code.at() != end) {
      throw code.fail("an instruction reaches beyond its function", end);
    }
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

  private void operands(int instruction) throws MalformedModule {
    switch (instruction) {
      case 0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x12, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42,
          0xd0, 0xd2 -> number();
      case 0x0e -> numbers(number() + 1);
      case 0x1c -> numbers(number());
      case 0x11, 0x13 -> numbers(2);
      case 0x43 -> code.skip(4, "a constant");
      case 0x44 -> code.skip(8, "a constant");
      case 0xfc -> bulk(number());
      case 0xfd -> vector(number());
      default -> {
        if (instruction >= 0x28 && instruction <= 0x3e) {
          numbers(2);
        } else if (!plain(instruction)) {
          throw code.fail("an instruction is not known", code.at() - 1L);
        }
      }
    }
  }

  private static boolean plain(int instruction) {
    return instruction <= 0x01 || instruction == 0x05 || instruction == 0x0b || instruction == 0x0f
        || instruction == 0x1a || instruction == 0x1b || instruction >= 0x45 && instruction <= 0xc4
        || instruction == 0xd1;
  }

  private void bulk(long instruction) throws MalformedModule {
    switch ((int) instruction) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> numbers(0);
      case 9, 11, 13, 15, 16, 17 -> numbers(1);
      case 8, 10, 12, 14 -> numbers(2);
      default -> throw code.fail("an instruction is not known", code.at());
    }
  }

  private void vector(long instruction) throws MalformedModule {
    int of = (int) instruction;
    if (of <= 11 || of == 92 || of == 93) {
      numbers(2);
    } else if (of == 12 || of == 13) {
      code.skip(16, "a vector");
    } else if (of >= 21 && of <= 34) {
      code.skip(1, "a lane");
    } else if (of >= 84 && of <= 91) {
      numbers(2);
      code.skip(1, "a lane");
    } else if (of > 0x113) {
      throw code.fail("an instruction is not known", code.at());
    }
  }

  private void numbers(long many) throws MalformedModule {
    for (long i = 0; i < many; i++) {
      number();
    }
  }

  /** A number of any kind, signed or not, as far as it is needed. */
  private long number() throws MalformedModule {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = code.byteValue("a number");
      value |= shift < 35 ? (long) (next & 0x7f) << shift : 0;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw code.fail("a number has too many bytes", code.at());
  }
}
