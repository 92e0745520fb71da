package io.bundlet.e2e.hostile;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes modules that are too big to be kept as files. Their exported function does nothing. */
final class ModuleWriter {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final String export;

  /** @param export {@code _start}, or {@code __guest_call} for an actor */
  ModuleWriter(String export) {
    this.export = export;
  }

  private boolean actor() {
    return !export.equals("_start");
  }

  /** A module with that many functions that do nothing. */
  Path functions(Path file, int count) throws IOException {
    return write(file, count, actor() ? new byte[] {4, 0, 0x41, 0, 0x0b} : new byte[] {2, 0, 0x0b}, 0);
  }

  /** A module with about that many bytes of code in functions of 2 KB. */
  Path code(Path file, int bytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0);
    for (int i = 0; i < 660; i++) {
      body.write(new byte[] {0x41, (byte) (i & 0x3f), 0x1a});
    }
    if (actor()) {
      body.write(new byte[] {0x41, 0});
    }
    body.write(0x0b);
    ByteArrayOutputStream function = new ByteArrayOutputStream();
    number(function, body.size());
    body.writeTo(function);
    return write(file, bytes / function.size(), function.toByteArray(), 0);
  }

  /** A module with that many bytes of data for its memory. */
  Path data(Path file, int bytes) throws IOException {
    return write(file, 1, actor() ? new byte[] {4, 0, 0x41, 0, 0x0b} : new byte[] {2, 0, 0x0b}, bytes);
  }

  private Path write(Path file, int functions, byte[] function, int data) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(file)))) {
      out.write(HEADER);
      section(out, 1, bytes(actor() ? new int[] {1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f} : new int[] {1, 0x60, 0, 0}));
      ByteArrayOutputStream types = new ByteArrayOutputStream();
      number(types, functions);
      types.write(new byte[functions]);
      section(out, 3, types.toByteArray());
      ByteArrayOutputStream memory = new ByteArrayOutputStream();
      memory.write(new byte[] {1, 0});
      number(memory, 1 + (data >> 16));
      section(out, 5, memory.toByteArray());
      ByteArrayOutputStream exports = new ByteArrayOutputStream();
      exports.write(2);
      name(exports, export);
      exports.write(new byte[] {0, 0});
      name(exports, "memory");
      exports.write(new byte[] {2, 0});
      section(out, 7, exports.toByteArray());
      ByteArrayOutputStream count = new ByteArrayOutputStream();
      number(count, functions);
      out.write(10);
      number(out, count.size() + (long) functions * function.length);
      count.writeTo(out);
      for (int i = 0; i < functions; i++) {
        out.write(function);
      }
      if (data > 0) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(new byte[] {1, 0, 0x41, 0, 0x0b});
        number(head, data);
        out.write(11);
        number(out, head.size() + (long) data);
        head.writeTo(out);
        byte[] content = new byte[data];
        new Random(data).nextBytes(content);
        out.write(content);
      }
    }
    return file;
  }

  private static void section(DataOutputStream out, int id, byte[] content) throws IOException {
    out.write(id);
    number(out, content.length);
    out.write(content);
  }

  private static void name(ByteArrayOutputStream out, String name) {
    out.write(name.length());
    name.chars().forEach(out::write);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static void number(java.io.OutputStream out, long value) throws IOException {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
