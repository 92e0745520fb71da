package io.bundlet.wasmengine.endive;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.InvalidModule;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a module's bytes are, only InvalidModule comes out. */
class BrokenModulesTest {
  @TempDir Path directory;

  @Test
  void truncatedAnywhere() throws Exception {
    byte[] whole = Guests.bytes("guest");
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      tryOut(part);
    }
  }

  @Test
  void mutatedAnywhere() throws Exception {
    byte[] whole = Guests.bytes("guest");
    Random random = new Random(25);
    for (int round = 0; round < 1500; round++) {
      byte[] mutated = whole.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        mutated[8 + random.nextInt(whole.length - 8)] = (byte) random.nextInt(256);
      }
      tryOut(mutated);
    }
  }

  private void tryOut(byte[] wasm) throws Exception {
    try {
      Guests.compile(directory, wasm, Guests.LIMITS)
          .instantiate(Guests.spec(), Guests.imports(Map.of("add", Guests.NOTHING, "stop", Guests.NOTHING)));
    } catch (InvalidModule expected) {
      assertTrue(!expected.getMessage().isBlank());
    }
  }

  @Test
  void aComponentAndATextAreNamed() {
    assertMessage(new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0}, "component");
    assertMessage("(module)".getBytes(java.nio.charset.StandardCharsets.UTF_8), "not wasm");
    assertMessage(new byte[0], "not wasm");
  }

  @Test
  void aFewBytesThatDeclareBillionsOfLocalsAreRefused() {
    ByteArrayOutputStream wasm = new ByteArrayOutputStream();
    wasm.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    wasm.writeBytes(new byte[] {1, 4, 1, 0x60, 0, 0});
    int functions = 100;
    wasm.writeBytes(new byte[] {3, (byte) (functions + 1), (byte) functions});
    wasm.writeBytes(new byte[functions]);
    byte[] body = {6, 1, (byte) 0xd0, (byte) 0x86, 3, 0x7f, 0x0b}; // 50,000 locals of i32
    int size = 1 + functions * body.length;
    wasm.writeBytes(new byte[] {10, (byte) (size & 0x7f | 0x80), (byte) (size >> 7), (byte) functions});
    for (int i = 0; i < functions; i++) {
      wasm.writeBytes(body);
    }
    assertMessage(wasm.toByteArray(), "local variables");
  }

  @Test
  void codeThatWouldFillTheHeapIsRefused() throws Exception {
    Path file = Files.write(directory.resolve("guest.wasm"), Guests.bytes("guest"));
    ModuleSize size = ModuleSize.of(file, Guests.LIMITS);
    InvalidModule refused = assertThrows(InvalidModule.class, () -> size.check(10_000));
    assertTrue(refused.getMessage().contains("larger heap"), refused.getMessage());
  }

  private void assertMessage(byte[] wasm, String part) {
    InvalidModule refused = assertThrows(InvalidModule.class, () -> Guests.compile(directory, wasm, Guests.LIMITS));
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
