package io.bundlet.sections;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.sections.WasmModule.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModuleReaderTest {
  @Test
  void readsEverything() throws Exception {
    WasmModule module = Modules.read(Modules.bytes("all"));
    assertEquals(3, module.imports().size());
    assertEquals("poll_oneoff", module.imports().get(1).name());
    assertEquals(new Signature(List.of("i32"), List.of("i32")), module.imports().get(0).signature());
    assertEquals(2, module.imported(Kind.FUNCTION));
    assertEquals(1, module.imported(Kind.GLOBAL));
    assertEquals(5, module.functions().length);
    assertEquals(List.of(new Bounds(2, OptionalLong.of(300), false, false)), module.memories());
    assertEquals(
        List.of("funcref", "funcref", "externref"),
        module.tables().stream().map(WasmModule.Table::elementType).toList());
    assertEquals(OptionalLong.of(20), module.tables().get(1).bounds().maximum());
    assertEquals(2, module.globals());
    assertEquals(OptionalInt.of(2), module.start());
    assertEquals(1, module.elements());
    assertEquals(2, module.data());
    assertEquals(
        List.of("memory", "table", "constant", "count", "binary", "poll", "copy"),
        module.exports().stream().map(WasmModule.Export::name).toList());
    assertEquals(new Signature(List.of("i32", "i64"), List.of("f32")), module.exportedFunctions().get("binary"));
    assertEquals(new Signature(List.of(), List.of("i32")), module.signature(3));
    assertEquals(1, module.custom("name").size());
    assertTrue(module.codeBytes() > 20);
  }

  @Test
  void everyTruncationIsRefusedUnlessItEndsASection() throws Exception {
    for (String name : Modules.ALL) {
      byte[] whole = Modules.bytes(name);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        try {
          WasmModule module = Modules.read(cut);
          int end = length;
          assertTrue(length == 8 || Modules.read(whole).sections().stream().anyMatch(each -> each.end() == end));
          assertEquals(length, module.bytes());
        } catch (MalformedModule e) {
          assertTrue(e.offset() <= length, e.getMessage());
        }
      }
    }
  }

  @Test
  void mutationsAreReadOrRefusedAndNothingElse() throws Exception {
    Random random = new Random(2026);
    for (String name : Modules.ALL) {
      byte[] whole = Modules.bytes(name);
      int refused = 0;
      for (int i = 0; i < 20_000; i++) {
        byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(4) * random.nextInt(8));
        for (int n = 0; n <= random.nextInt(6); n++) {
          mutated[random.nextInt(mutated.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
        }
        try {
          WasmModule module = Modules.read(mutated);
          module.exportedFunctions();
          ModuleRewriter.check(module, 1L << 32, 1 << 20);
          byte[] rewritten = Modules.written(new ModuleRewriter(ByteBuffer.wrap(mutated), module)
              .memoryFrom("host", "memory").tablesUpTo(1 << 20).startAs("host:start"));
          Modules.read(rewritten);
        } catch (MalformedModule e) {
          refused++;
        }
      }
      assertTrue(refused > 1000, name + ": only " + refused + " refused");
    }
  }

  @Test
  void noiseBehindTheHeader() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[9 + random.nextInt(60)];
      random.nextBytes(noise);
      System.arraycopy(Modules.of(), 0, noise, 0, 8);
      noise[8] = (byte) random.nextInt(14);
      try {
        Modules.read(noise);
      } catch (MalformedModule e) {
        assertTrue(e.getMessage().length() > 10);
      }
    }
  }

  private static String refused(byte[] module) {
    return assertThrows(MalformedModule.class, () -> Modules.read(module)).getMessage();
  }

  private static void contains(String wanted, String message) {
    assertTrue(message.contains(wanted), message);
  }

  @Test
  void messagesNameSectionAndOffset() {
    contains("not wasm", refused("text".getBytes()));
    contains("this is a component, not a core module", refused(new byte[] {0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0}));
    contains("version 1", refused(new byte[] {0, 0x61, 0x73, 0x6d, 2, 0, 0, 0}));
    contains("the module at byte 8: unknown section 13 (exception tags", refused(Modules.of(13, 0)));
    contains("the type section at byte 8: its 5 bytes reach beyond", refused(Modules.of(1, 5, 0)));
    contains("stands twice or in the wrong place", refused(Modules.of(1, 1, 0, 1, 1, 0)));
    contains("stands twice or in the wrong place", refused(Modules.of(3, 1, 0, 1, 1, 0)));
    contains("the type section at byte 11: has 1 bytes too many", refused(Modules.of(1, 2, 0, 0)));
    contains("unknown value type 0x40", refused(Modules.of(1, 5, 1, 0x60, 1, 0x40, 0)));
    contains(
        "the function section at byte 17: there is no type 1",
        refused(Modules.of(1, 4, 1, 0x60, 0, 0, 3, 2, 1, 1)));
    contains("declares 1 functions but has 0", refused(Modules.of(1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0)));
    contains("maximum is below its minimum", refused(Modules.of(5, 4, 1, 1, 2, 1)));
    contains("65537, is above 65536", refused(Modules.of(5, 5, 1, 0, 0x81, 0x80, 0x04)));
    contains("there is no function 0", refused(Modules.of(8, 1, 0)));
    contains("not UTF-8", refused(Modules.of(0, 2, 1, 0xff)));
    contains("has no room for its 100 types", refused(Modules.of(1, 1, 100)));
    contains("announces 1 data segments but has 0", refused(Modules.of(12, 1, 1)));
  }

  @Test
  void numbersHaveTheirBytesAndNoMore() {
    contains("too many bytes", refused(Modules.of(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0)));
    contains("does not fit into 32 bits", refused(Modules.of(1, 0xff, 0xff, 0xff, 0xff, 0x1f)));
    contains("ends inside", refused(Modules.of(1, 0x80)));
  }

  @Test
  void limitsHold() throws Exception {
    byte[] all = Modules.bytes("all");
    ReadLimits small = new ReadLimits(1000, 4, 100, 100, 100, 1000, 100, 10, 100);
    MalformedModule many = assertThrows(
        MalformedModule.class, () -> ModuleReader.read(ByteBuffer.wrap(all), small));
    contains("5 functions are above the limit of 4", many.getMessage());
    ReadLimits few = new ReadLimits(1000, 10, 100, 100, 100, 1000, 2, 10, 100);
    contains("more than 2 locals", assertThrows(
        MalformedModule.class, () -> ModuleReader.read(ByteBuffer.wrap(all), few)).getMessage());
    contains("above the limit of 100 bytes", assertThrows(
        MalformedModule.class,
        () -> ModuleReader.read(ByteBuffer.wrap(all), ReadLimits.DEFAULT.withModuleBytes(100))).getMessage());
  }

  @Test
  void namesInMessagesAreHarmless() {
    assertEquals("a?[31mb", Names.printable("a\u001b[31mb"));
    assertEquals("x".repeat(80) + "...", Names.printable("x".repeat(81)));
  }

  @Test
  void digest() {
    assertEquals(
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Digests.sha256(ByteBuffer.wrap("abc".getBytes())));
  }

  @Test
  void theBufferIsLeftAlone() throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Modules.bytes("bare")).position(5);
    ModuleReader.read(bytes, ReadLimits.DEFAULT);
    assertEquals(5, bytes.position());
    assertArrayEquals(Modules.bytes("bare"), bytes.array());
  }
}
