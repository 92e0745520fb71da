package io.bundlet.wasm.engine.wasmtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes modules that no compiler would. */
final class ModuleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ModuleBytes() {
    bytes(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  }

  ModuleBytes bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  ModuleBytes section(int id, byte[] content) {
    out.write(id);
    number(content.length);
    out.writeBytes(content);
    return this;
  }

  ModuleBytes number(long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  ModuleBytes name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    number(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  byte[] make() {
    return out.toByteArray();
  }

  /** The bytes without the header: a section's content. */
  byte[] content() {
    byte[] all = out.toByteArray();
    return java.util.Arrays.copyOfRange(all, 8, all.length);
  }

  /** A module whose function {@code answer} gives this number, which is not negative. */
  static byte[] answering(int number) {
    ModuleBytes body = new ModuleBytes().bytes(0, 0x41);
    int rest = number;
    while (rest > 0x3f) {
      body.bytes(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    body.bytes(rest, 0x0b);
    int[] code = unsigned(body.content());
    return new ModuleBytes()
        .section(1, new ModuleBytes().bytes(1, 0x60, 0, 1, 0x7f).content())
        .section(3, new ModuleBytes().bytes(1, 0).content())
        .section(7, new ModuleBytes().number(1).name("answer").bytes(0, 0).content())
        .section(10, new ModuleBytes().number(1).number(code.length).bytes(code).content())
        .make();
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }

  /** A module of so many empty functions. */
  static byte[] functions(int count) {
    ModuleBytes types = new ModuleBytes().bytes(1, 0x60, 0, 0);
    ModuleBytes functions = new ModuleBytes().number(count);
    ModuleBytes code = new ModuleBytes().number(count);
    for (int i = 0; i < count; i++) {
      functions.number(0);
      code.bytes(2, 0, 0x0b);
    }
    return new ModuleBytes().section(1, types.content()).section(3, functions.content()).section(10, code.content())
        .make();
  }

  /** A module that imports one function without parameters and results. */
  static byte[] importing(String module, String name) {
    return new ModuleBytes()
        .section(1, new ModuleBytes().bytes(1, 0x60, 0, 0).content())
        .section(2, new ModuleBytes().number(1).name(module).name(name).bytes(0, 0).content())
        .make();
  }
}
