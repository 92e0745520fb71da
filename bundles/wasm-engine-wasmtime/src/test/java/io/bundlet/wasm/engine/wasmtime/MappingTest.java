package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MappingTest {
  private static final List<String> MAPS =
      List.of(
          "10000-20000 ---p 00000000 00:00 0 ",
          "20000-30000 rw-p 00000000 00:01 7 /memfd:wasm-memory-image (deleted)",
          "30000-50000 rw-p 00000000 00:00 0 ",
          "50000-ffff0000 ---p 00000000 00:00 0 ",
          "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]");

  @Test
  void allThatFollowsAndCanBeWrittenCounts() {
    assertEquals(0x30000, new Mapping(MAPS).bytesFrom(0x20000));
    assertEquals(0x28000, new Mapping(MAPS).bytesFrom(0x28000));
    assertEquals(0, new Mapping(MAPS).bytesFrom(0x50000));
    assertEquals(0, new Mapping(MAPS).bytesFrom(0x5000));
  }
}
