package io.bundlet.e2e.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes WASI commands of any size, as compilers might have made them: functions that compute, read and write memory,
 * branch and call each other, all of them in a table. What runs of it says "begin" and "end" and ends.
 */
final class BigModule {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final int STATEMENTS = 60;
  private static final int I32 = 0x7f;
  private static final int END = 0x0b;
  private static final int CALL = 0x10;
  private static final int GET = 0x20;
  private static final int SET = 0x21;
  private static final int CONST = 0x41;
  /** Operations of two numbers: from add to rotate, without divisions, which may trap. */
  private static final int[] BINARY = {0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x76, 0x77};

  private final Random random = new Random(6);

  /** Writes a module that is hardly larger than this, or as small as it can be. @return its bytes */
  long write(Path file, int atLeast) throws IOException {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    int functions = 1;
    byte[] start = start();
    number(code, start.length);
    code.write(start);
    while (code.size() < atLeast) {
      byte[] body = body(functions++);
      number(code, body.length);
      code.write(body);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(HEADER);
    section(out, 1, bytes(3, 0x60, 0, 0, 0x60, 2, I32, I32, 1, I32, 0x60, 4, I32, I32, I32, I32, 1, I32));
    ByteArrayOutputStream imports = new ByteArrayOutputStream();
    imports.write(1);
    name(imports, "wasi_snapshot_preview1");
    name(imports, "fd_write");
    imports.write(bytes(0, 2));
    section(out, 2, imports.toByteArray());
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    number(types, functions);
    types.write(0);
    for (int i = 1; i < functions; i++) {
      types.write(1);
    }
    section(out, 3, types.toByteArray());
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    table.write(bytes(1, 0x70, 0));
    number(table, functions);
    section(out, 4, table.toByteArray());
    section(out, 5, bytes(1, 0, 1));
    ByteArrayOutputStream exports = new ByteArrayOutputStream();
    exports.write(2);
    name(exports, "_start");
    exports.write(bytes(0, 1));
    name(exports, "memory");
    exports.write(bytes(2, 0));
    section(out, 7, exports.toByteArray());
    ByteArrayOutputStream elements = new ByteArrayOutputStream();
    elements.write(bytes(1, 0, CONST, 0, END));
    number(elements, functions);
    for (int i = 1; i <= functions; i++) {
      number(elements, i);
    }
    section(out, 9, elements.toByteArray());
    ByteArrayOutputStream bodies = new ByteArrayOutputStream();
    number(bodies, functions);
    code.writeTo(bodies);
    section(out, 10, bodies.toByteArray());
    section(out, 11, data());
    Files.write(file, out.toByteArray());
    return out.size();
  }

  /** Writes what lies at 8, as the vector at 0 says. */
  private static byte[] start() {
    return bytes(0, CONST, 1, CONST, 0, CONST, 1, CONST, 32, CALL, 0, 0x1a, END);
  }

  private static byte[] data() throws IOException {
    byte[] text = "begin\nend\n".getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write(bytes(1, 0, CONST, 0, END, 8 + text.length, 8, 0, 0, 0, text.length, 0, 0, 0));
    data.write(text);
    return data.toByteArray();
  }

  /** A function of two parameters and two variables of its own, which calls those before it. */
  private byte[] body(int index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes(1, 2, I32));
    for (int i = 0; i < STATEMENTS; i++) {
      switch (random.nextInt(6)) {
        case 0 -> out.write(bytes(GET, local(), CONST, 0x3f, 0x71, 0x28, 2, 0, SET, local()));
        case 1 -> out.write(bytes(GET, local(), CONST, 0x3f, 0x71, GET, local(), 0x36, 2, 0));
        case 2 -> {
          // if (a < b) c = a op b
          out.write(bytes(GET, local(), GET, local(), 0x49, 0x04, 0x40));
          compute(out);
          out.write(END);
        }
        case 3 -> {
          if (index > 1) {
            out.write(bytes(GET, local(), GET, local(), CALL));
            number(out, 2 + random.nextInt(index - 1));
            out.write(bytes(SET, local()));
          }
        }
        default -> compute(out);
      }
    }
    out.write(bytes(GET, local(), END));
    return out.toByteArray();
  }

  private void compute(OutputStream out) throws IOException {
    out.write(bytes(GET, local(), GET, local(), BINARY[random.nextInt(BINARY.length)], SET, local()));
  }

  private int local() {
    return random.nextInt(4);
  }

  private static void section(OutputStream out, int id, byte[] content) throws IOException {
    out.write(id);
    number(out, content.length);
    out.write(content);
  }

  private static void name(OutputStream out, String name) throws IOException {
    number(out, name.length());
    out.write(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** A number without a sign, seven bits a byte. */
  private static void number(OutputStream out, long value) throws IOException {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
