package io.bundlet.sections;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;

/** The modules of the tests. */
final class Modules {
  static final List<String> ALL = List.of("all", "imported-memory", "bare", "grows");

  private Modules() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Modules.class.getResourceAsStream("/wasm/" + name + ".wasm")) {
      return in.readAllBytes();
    }
  }

  static WasmModule read(byte[] bytes) throws MalformedModule {
    return ModuleReader.read(ByteBuffer.wrap(bytes), ReadLimits.DEFAULT);
  }

  static byte[] written(ModuleRewriter rewriter) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    rewriter.write(Channels.newChannel(out));
    return out.toByteArray();
  }

  static byte[] of(int... values) {
    byte[] bytes = new byte[8 + values.length];
    System.arraycopy(new byte[] {0, 0x61, 0x73, 0x6d, 1, 0, 0, 0}, 0, bytes, 0, 8);
    for (int i = 0; i < values.length; i++) {
      bytes[8 + i] = (byte) values[i];
    }
    return bytes;
  }
}
