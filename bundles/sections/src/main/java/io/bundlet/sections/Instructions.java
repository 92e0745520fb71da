package io.bundlet.sections;

/**
 * Steps over the instructions of function bodies and constant expressions, of all proposals of which anything is said
 * in {@link Proposal}. Nothing is validated but what it takes to find the next instruction. Time in proportion to the
 * bytes, no memory; what is not known here, or reaches beyond its end, is a {@link MalformedModule}.
 */
final class Instructions {
  /** The instructions that are one of these and a number, which a visitor gets as prefix &lt;&lt; 16 | number. */
  static final int GC = 0xfb;
  static final int BULK = 0xfc;
  static final int VECTOR = 0xfd;
  static final int ATOMIC = 0xfe;

  private static final int EMPTY_BLOCK = 0x40;
  private static final int REF_NULL = 0x63;
  private static final int REF = 0x64;
  private static final int END = 0x0b;
  private static final int LAST_VECTOR = 0x113;

  private final Cursor code;
  private final Visitor visitor;

  private Instructions(Cursor code, Visitor visitor) {
    this.code = code;
    this.visitor = visitor;
  }

  /** Hears what is there, in its order. */
  @FunctionalInterface
  interface Visitor {
    /** An instruction begins at this offset. @param instruction its number; with its prefix, if it has one */
    void instruction(int at, int instruction) throws MalformedModule;

    /** A local, block or operand has the value type with this code. */
    default void valueType(int type) {}

    /** A block has a function type, and with it parameters or several results. */
    default void typedBlock() {}

    /** A table is named that is not the first. */
    default void laterTable() {}
  }

  /** One function: where its size stands, where its body begins and ends. */
  @FunctionalInterface
  interface Bodies {
    void body(int sizeAt, int begin, int end) throws MalformedModule;
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

  /** Steps over a function's locals and instructions, which end where the body ends. */
  static void body(Cursor code, int end, Visitor visitor) throws MalformedModule {
    Instructions steps = new Instructions(code, visitor);
    long groups = code.u32("groups of locals", Integer.MAX_VALUE);
    for (long i = 0; i < groups && code.at() < end; i++) {
      steps.number();
      steps.valueType();
    }
    while (code.at() < end) {
      steps.step();
    }
    if (code.at() != end) {
      throw code.fail("an instruction reaches beyond its function", end);
    }
  }

  /** Steps over a constant expression and its end. */
  static void expression(Cursor code, Visitor visitor) throws MalformedModule {
    Instructions steps = new Instructions(code, visitor);
    while (steps.step() != END) {
      // constant expressions hold no blocks: the first end is theirs
      continue;
    }
  }

  private int step() throws MalformedModule {
    int at = code.at();
    int instruction = code.byteValue("an instruction");
    if (instruction < GC || instruction > ATOMIC) {
      visitor.instruction(at, instruction);
      operands(instruction);
      return instruction;
    }
    int number = (int) Math.min(number(), Short.MAX_VALUE);
    visitor.instruction(at, instruction << 16 | number);
    switch (instruction) {
      case GC -> gc(number);
      case BULK -> bulk(number);
      case VECTOR -> vector(number);
      default -> atomic(number);
    }
    return instruction;
  }

  private void operands(int instruction) throws MalformedModule {
    switch (instruction) {
      case 0x02, 0x03, 0x04, 0x06 -> blockType();
      case 0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x14, 0x15, 0x18, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f,
          0x40, 0x41, 0x42, 0xd0, 0xd2, 0xd5, 0xd6 -> number();
      case 0x0e -> numbers(number() + 1);
      case 0x11, 0x13 -> {
        number();
        if (number() != 0) {
          visitor.laterTable();
        }
      }
      case 0x1c -> valueTypes(number());
      case 0x1f -> tryTable();
      case 0x43 -> code.skip(4, "a constant");
      case 0x44 -> code.skip(8, "a constant");
      default -> {
        if (instruction >= 0x28 && instruction <= 0x3e) {
          address();
        } else if (!plain(instruction)) {
          throw unknown();
        }
      }
    }
  }

  /** Those without operands. */
  private static boolean plain(int instruction) {
    return instruction <= 0x01 || instruction == 0x05 || instruction == 0x0a || instruction == END
        || instruction == 0x0f || instruction == 0x19 || instruction == 0x1a || instruction == 0x1b
        || instruction >= 0x45 && instruction <= 0xc4 || instruction == 0xd1 || instruction == 0xd3
        || instruction == 0xd4;
  }

  private void bulk(int instruction) throws MalformedModule {
    switch (instruction) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> numbers(0);
      case 9, 11, 13, 15, 16, 17 -> number();
      case 8, 10, 12, 14 -> numbers(2);
      default -> throw unknown();
    }
  }

  private void vector(int instruction) throws MalformedModule {
    if (instruction <= 11 || instruction == 92 || instruction == 93) {
      address();
    } else if (instruction == 12 || instruction == 13) {
      code.skip(16, "a vector");
    } else if (instruction >= 21 && instruction <= 34) {
      code.skip(1, "a lane");
    } else if (instruction >= 84 && instruction <= 91) {
      address();
      code.skip(1, "a lane");
    } else if (instruction > LAST_VECTOR) {
      throw unknown();
    }
  }

  private void atomic(int instruction) throws MalformedModule {
    if (instruction == 3) {
      code.skip(1, "a fence's order");
    } else if (instruction <= 2 || instruction >= 0x10 && instruction <= 0x4e) {
      address();
    } else {
      throw unknown();
    }
  }

  private void gc(int instruction) throws MalformedModule {
    switch (instruction) {
      case 15, 26, 27, 28, 29, 30 -> numbers(0);
      case 0, 1, 6, 7, 11, 12, 13, 14, 16, 20, 21, 22, 23 -> number();
      case 2, 3, 4, 5, 8, 9, 10, 17, 18, 19 -> numbers(2);
      case 24, 25 -> numbers(4); // flags, a label, two types
      default -> throw unknown();
    }
  }

  private void tryTable() throws MalformedModule {
    blockType();
    long clauses = number();
    for (long i = 0; i < clauses; i++) {
      int kind = code.byteValue("a clause");
      if (kind > 3) {
        throw unknown();
      }
      numbers(kind < 2 ? 2 : 1);
    }
  }

  private void blockType() throws MalformedModule {
    int first = code.byteValue("a block's type");
    if (first == EMPTY_BLOCK) {
      return;
    }
    if ((first & 0xc0) == 0x40) {
      valueType(first);
      return;
    }
    visitor.typedBlock();
    if ((first & 0x80) != 0) {
      number();
    }
  }

  private void valueTypes(long many) throws MalformedModule {
    for (long i = 0; i < many; i++) {
      valueType();
    }
  }

  private void valueType() throws MalformedModule {
    valueType(code.byteValue("a value type"));
  }

  private void valueType(int type) throws MalformedModule {
    visitor.valueType(type);
    if (type == REF_NULL || type == REF) {
      number();
    }
  }

  /** Alignment and offset; which memory stands between them if it is not the first. */
  private void address() throws MalformedModule {
    if ((number() & 0x40) != 0) {
      number();
    }
    number();
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

  private MalformedModule unknown() {
    return code.fail("an instruction is not known", code.at());
  }
}
