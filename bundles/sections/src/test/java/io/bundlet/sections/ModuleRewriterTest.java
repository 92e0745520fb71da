package io.bundlet.sections;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.sections.ModuleRewriter.Name;
import io.bundlet.sections.WasmModule.Kind;
import io.bundlet.sections.WasmModule.Section;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ModuleRewriterTest {
  private static byte[] rewritten(String name) throws Exception {
    byte[] bytes = Modules.bytes(name);
    return Modules.written(new ModuleRewriter(ByteBuffer.wrap(bytes), Modules.read(bytes))
        .memoryFrom("host", "memory")
        .rename(new Name("wasi_snapshot_preview1", "poll_oneoff"), new Name("host", "poll"))
        .tablesUpTo(39)
        .startAs("host:start"));
  }

  private static byte[] content(byte[] module, int id, String name) throws Exception {
    Section section = Modules.read(module).sections().stream()
        .filter(each -> each.id() == id && (id != 0 || each.name().equals(name))).findFirst().orElseThrow();
    return Arrays.copyOfRange(module, section.contentOffset(), section.end());
  }

  @Test
  void everythingElseSurvivesByteForByte() throws Exception {
    byte[] before = Modules.bytes("all");
    byte[] after = rewritten("all");
    for (int id : new int[] {1, 3, 6, 9, 10, 11, 12}) {
      assertArrayEquals(content(before, id, ""), content(after, id, ""), "section " + id);
    }
    assertArrayEquals(content(before, 0, "name"), content(after, 0, "name"));
  }

  @Test
  void memoryBecomesAnImportAndKeepsItsExport() throws Exception {
    WasmModule module = Modules.read(rewritten("all"));
    assertEquals(List.of(), module.memories());
    WasmModule.Import memory = module.imports().getLast();
    assertEquals(Kind.MEMORY, memory.kind());
    assertEquals("host", memory.module());
    assertEquals(new Bounds(2, OptionalLong.empty(), false, false), memory.bounds());
    assertTrue(module.exports().contains(new WasmModule.Export("memory", Kind.MEMORY, 0)));
  }

  @Test
  void importsAreRenamedInPlace() throws Exception {
    List<WasmModule.Import> imports = Modules.read(rewritten("all")).imports();
    assertEquals("first", imports.get(0).name());
    assertEquals("host poll", imports.get(1).module() + " " + imports.get(1).name());
    assertEquals(4, imports.get(1).signature().params().size());
    assertEquals("limit", imports.get(2).name());
  }

  @Test
  void tablesShareTheCap() throws Exception {
    // 39 elements, 9 of them there from the start: 10 more for each of the three, if the table itself allows it.
    assertEquals(
        List.of(OptionalLong.of(13), OptionalLong.of(15), OptionalLong.of(11)),
        Modules.read(rewritten("all")).tables().stream().map(each -> each.bounds().maximum()).toList());
  }

  @Test
  void startBecomesAnExport() throws Exception {
    WasmModule module = Modules.read(rewritten("all"));
    assertEquals(OptionalInt.empty(), module.start());
    assertEquals(new WasmModule.Export("host:start", Kind.FUNCTION, 2), module.exports().getLast());
  }

  @Test
  void sectionsThatWereNotThereAreMade() throws Exception {
    WasmModule module = Modules.read(rewritten("bare"));
    assertEquals(1, module.imported(Kind.MEMORY));
    assertEquals(List.of(new WasmModule.Export("host:start", Kind.FUNCTION, 0)), module.exports());
  }

  @Test
  void anImportedMemoryIsImportedFromTheHost() throws Exception {
    WasmModule module = Modules.read(rewritten("imported-memory"));
    assertEquals(1, module.imports().size());
    assertEquals("host", module.imports().getFirst().module());
    assertEquals(new Bounds(1, OptionalLong.of(10), false, false), ModuleRewriter.memoryOf(module));
  }

  @Test
  void placesThatGrowTheMemoryAreFoundAmongWhatLooksLikeThem() throws Exception {
    byte[] bytes = Modules.bytes("grows");
    Section code = Modules.read(bytes).sections().stream().filter(each -> each.id() == 10).findFirst().orElseThrow();
    int[] sites = GrowSites.of(ByteBuffer.wrap(bytes), code).orElseThrow();
    assertEquals(3, sites.length);
    for (int site : sites) {
      assertArrayEquals(new byte[] {0x40, 0}, Arrays.copyOfRange(bytes, site, site + 2));
    }
    // An instruction that there is not in the place of nothing: then no place is known.
    byte[] unknown = bytes.clone();
    unknown[sites[0]] = (byte) 0xff;
    assertEquals(java.util.Optional.empty(), GrowSites.of(ByteBuffer.wrap(unknown), code));
  }

  @Test
  void functionsThatCannotGrowTheMemoryAreNotLookedThrough() throws Exception {
    byte[] code = {
        3,
        // an instruction that there is not
        3, 0, (byte) 0xff, 0x0b,
        // an empty block, a constant, and the instruction with an operand that is longer than it needs to be
        13, 0, 0x02, 0x40, 0x0b, 0x41, (byte) 0xc0, 0x00, 0x40, (byte) 0x80, 0, 0x1a, 0x01, 0x0b,
        // an empty block that begins with the instruction 0
        6, 0, 0x02, 0x40, 0, 0x0b, 0x0b};
    int[] sites = GrowSites.of(ByteBuffer.wrap(code), new Section(10, "", 0, 0, code.length)).orElseThrow();
    assertArrayEquals(new int[] {13}, sites);
  }

  @Test
  void growthIsWatchedByTwoFunctionsBehindTheOthers() throws Exception {
    byte[] bytes = Modules.bytes("grows");
    WasmModule before = Modules.read(bytes);
    byte[] watched = Modules.written(
        new ModuleRewriter(ByteBuffer.wrap(bytes), before).memoryFrom("host", "memory").growthAs("host:growth"));
    WasmModule after = Modules.read(watched);
    assertEquals(before.functions().length + 2, after.functions().length);
    assertEquals(before.globals() + 1, after.globals());
    assertEquals(
        new WasmModule.Export("host:growth", Kind.FUNCTION, 1 + before.functions().length + 1),
        after.exports().getLast());
    assertEquals(List.of(), after.exportedFunctions().get("host:growth").params());
    Section code = after.sections().stream().filter(each -> each.id() == 10).findFirst().orElseThrow();
    int[] sites = GrowSites.of(ByteBuffer.wrap(watched), code).orElseThrow();
    assertEquals(1, sites.length, "only the function that watches grows the memory now");
  }

  @Test
  void aModuleThatNeverGrowsStaysAsItIs() throws Exception {
    byte[] bytes = Modules.bytes("imported-memory");
    WasmModule module = Modules.read(bytes);
    assertArrayEquals(
        Modules.written(new ModuleRewriter(ByteBuffer.wrap(bytes), module)),
        Modules.written(new ModuleRewriter(ByteBuffer.wrap(bytes), module).growthAs("host:growth")));
  }

  @Test
  void nothingAskedNothingChanged() throws Exception {
    for (String name : Modules.ALL) {
      byte[] bytes = Modules.bytes(name);
      WasmModule before = Modules.read(bytes);
      WasmModule after = Modules.read(Modules.written(new ModuleRewriter(ByteBuffer.wrap(bytes), before)));
      assertEquals(before.exports(), after.exports());
      assertEquals(before.memories(), after.memories());
      assertEquals(before.tables(), after.tables());
      assertEquals(before.start(), after.start());
    }
  }

  @Test
  void whatIsAboveTheCapsIsRefused() throws Exception {
    WasmModule all = Modules.read(Modules.bytes("all"));
    ModuleRewriter.check(all, 2 << 16, 9);
    contains("memory minimum of 0.13 MiB is above the limit of 0.06 MiB", () -> ModuleRewriter.check(all, 1 << 16, 9));
    contains("table minimum of 9 elements is above the limit of 8", () -> ModuleRewriter.check(all, 2 << 16, 8));
    contains("more than one memory", () -> check(5, 5, 2, 0, 1, 0, 1));
    contains("shared between threads", () -> check(5, 4, 1, 3, 1, 1));
    contains("addressed with 64 bits", () -> check(5, 3, 1, 4, 1));
  }

  private static void check(int... section) throws MalformedModule {
    ModuleRewriter.check(Modules.read(Modules.of(section)), 1L << 32, 100);
  }

  private interface Check {
    void run() throws MalformedModule;
  }

  private static void contains(String wanted, Check check) {
    String message = assertThrows(MalformedModule.class, check::run).getMessage();
    assertTrue(message.contains(wanted), message);
  }
}
