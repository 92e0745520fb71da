package io.bundlet.wasmengine.endive;

import io.bundlet.sections.WasmModule;
import java.io.ByteArrayOutputStream;

/**
 * A module without the bodies of its functions: once they are compiled nobody reads them again, and as objects they
 * would take a hundred times the heap of the file for as long as an instance lives.
 */
final class Bodiless {
  private static final int CODE_SECTION = 10;
  /** Three bytes: no locals, unreachable, end. */
  private static final byte[] BODY = {3, 0, 0, 0x0b};

  private Bodiless() {}

  static byte[] of(byte[] wasm, WasmModule outline) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int copied = 0;
    for (WasmModule.Section section : outline.sections()) {
      if (section.id() == CODE_SECTION) {
        out.write(wasm, copied, section.offset() - copied);
        int functions = outline.functions().length;
        ByteArrayOutputStream count = new ByteArrayOutputStream();
        number(count, functions);
        out.write(CODE_SECTION);
        number(out, count.size() + functions * BODY.length);
        out.writeBytes(count.toByteArray());
        for (int i = 0; i < functions; i++) {
          out.writeBytes(BODY);
        }
        copied = section.end();
      }
    }
    out.write(wasm, copied, wasm.length - copied);
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
