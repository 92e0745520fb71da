package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.GuestCounters;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.calls.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standard input, output and error. */
@Timeout(300)
class OutputTest {
  @TempDir
  Path directory;

  @Test
  void whatIsWrittenIsAppended() throws Exception {
    Files.writeString(directory.resolve("stdout"), "before\n");
    try (Bed bed = new Bed(directory)) {
      assertEquals(Errno.SUCCESS, bed.write(1, "out\n"));
      assertEquals(Errno.SUCCESS, bed.write(2, "err\n"));
      assertEquals("before\nout\n", Files.readString(bed.stdout));
      assertEquals("err\n", Files.readString(bed.stderr));
      assertEquals(0, ((Number) bed.context.attributes().get(GuestCounters.FILES_WRITTEN)).intValue());
      assertEquals("", bed.read(0));
      assertEquals(Errno.NOTCAPABLE, bed.write(0, "x"));
      assertEquals(Errno.NOTCAPABLE, bed.call("fd_read", 1, bed.piece(64, 1), 1, 64));
      bed.ok("fd_filestat_get", 0, 64);
      bed.ok("fd_filestat_get", 1, 64);
      bed.ok("fd_close", 1);
      assertEquals(Errno.BADF, bed.write(1, "x"));
    }
  }

  @Test
  void anActorsOutputIsToldLineByLine() throws Exception {
    SnapshotModule module = new SnapshotModule(new Settings(Settings.OPEN_FILES, true));
    Guests.ArrayMemory memory = new Guests.ArrayMemory(new byte[65_536]);
    Guests.Context context = new Guests.Context(null);
    try (context) {
      for (String part : new String[] {"one\ntw", "o\n", "x".repeat(5000) + "\n", "rest"}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, memory.bytes(), 64, bytes.length);
        Memory.putInt32(memory.bytes(), 0, 64);
        Memory.putInt32(memory.bytes(), 4, bytes.length);
        long[] result = {-1};
        module.call("fd_write", context, memory, new long[] {1, 0, 1, 8}, result);
        assertEquals(0, result[0]);
        assertEquals(bytes.length, Memory.int32(memory.bytes(), 8));
      }
      long[] result = {-1};
      module.call("fd_prestat_get", context, memory, new long[] {3, 0}, result);
      assertEquals(Errno.BADF.ordinal(), result[0]);
    }
    assertEquals(List.of("one", "two", "x".repeat(4096), "x".repeat(904), "rest"), context.logged);
  }

  @Test
  void aGuestWhoseDirectoryIsNotThereIsToldWhich() throws Exception {
    Path absent = directory.resolve("absent");
    Path stdout = Files.createFile(directory.resolve("o"));
    try (Guests.Context context = new Guests.Context(
        new WasiSettings(
            List.of(), Map.of(), List.of(new Mount("/data", absent, false)), stdout, stdout))) {
      SnapshotModule module = new SnapshotModule(new Settings(Settings.OPEN_FILES, true));
      Guests.ArrayMemory memory = new Guests.ArrayMemory(new byte[65_536]);
      GuestTrap end = assertThrows(
          GuestTrap.class, () -> module.call("sched_yield", context, memory, new long[0], new long[1]));
      assertEquals(GuestTrap.TRAP, end.kind());
      assertTrue(end.getMessage().contains(absent.toString()), end.getMessage());
    }
  }

  @Test
  void aGuestOfAnExchangedBundleEnds() throws Exception {
    try (Bed bed = new Bed(directory)) {
      bed.context.attributes().put("io.bundlet.wasi.preview1", new Object());
      assertEquals(GuestTrap.KILLED, assertThrows(GuestTrap.class, () -> bed.call("sched_yield")).kind());
    }
  }
}
