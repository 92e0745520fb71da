package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.calls.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ProgramTest {
  private static final Settings SETTINGS = new Settings(Settings.OPEN_FILES, true);

  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory, new SnapshotModule(SETTINGS), Map.of("HOME", "/größe"), "prog", "", "two words");
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  @Test
  void argumentsAndEnvironmentArriveAsTexts() throws Exception {
    int count = bed.room(4);
    int size = bed.room(4);
    bed.ok("args_sizes_get", count, size);
    assertEquals(3, bed.int32(count));
    assertEquals("prog".length() + "two words".length() + 3, bed.int32(size));
    int pointers = bed.room(12);
    int texts = bed.room(bed.int32(size));
    bed.ok("args_get", pointers, texts);
    assertEquals("prog\0\0two words\0", bed.text(texts, bed.int32(size)));
    assertArrayEquals(
        new int[] {texts, texts + 5, texts + 6},
        new int[] {bed.int32(pointers), bed.int32(pointers + 4), bed.int32(pointers + 8)});

    bed.ok("environ_sizes_get", count, size);
    assertEquals(1, bed.int32(count));
    bed.ok("environ_get", pointers, texts);
    assertEquals("HOME=/größe\0", bed.text(texts, bed.int32(size)));
  }

  @Test
  void moreArgumentsThanFitAreRefused() throws Exception {
    String[] args = new String[20];
    Arrays.fill(args, "x".repeat(60_000));
    try (Bed big = new Bed(directory, new SnapshotModule(SETTINGS), Map.of(), args)) {
      assertEquals(Errno.TOOBIG, big.call("args_sizes_get", 64, 72));
      assertEquals(Errno.TOOBIG, big.call("args_get", 64, 4096));
    }
  }

  @Test
  void randomBytesFillAllOfTheBufferAndNothingElse() throws Exception {
    int length = 200_001;
    bed.ok("random_get", 1000, length);
    byte[] bytes = bed.memory.bytes();
    boolean[] seen = new boolean[256];
    for (int i = 0; i < length; i++) {
      seen[bytes[1000 + i] & 0xff] = true;
    }
    for (boolean each : seen) {
      assertTrue(each);
    }
    byte[] tail = Arrays.copyOfRange(bytes, 1000 + length - 64, 1000 + length);
    assertFalse(Arrays.equals(new byte[64], tail));
    assertArrayEquals(new byte[4096], Arrays.copyOfRange(bytes, 1000 + length, 1000 + length + 4096));
    bed.ok("random_get", Bed.MEMORY, 0);
  }

  @Test
  void exitHasTheGuestsCode() {
    GuestTrap end = assertThrows(GuestTrap.class, () -> bed.end("proc_exit", 33));
    assertEquals(GuestTrap.EXIT, end.kind());
    assertEquals(33, end.exitCode());
  }

  @Test
  void raisedSignalsDoWhatTheyDoWithoutHandler() throws Exception {
    int[] ignored = {0, 16, 17, 22, 27};
    for (int signal : ignored) {
      bed.ok("proc_raise", signal);
    }
    assertEquals(Errno.NOTSUP, bed.call("proc_raise", 18));
    assertEquals(Errno.INVAL, bed.call("proc_raise", 31));
    assertEquals(Errno.INVAL, bed.call("proc_raise", -1));
    assertEquals(128 + 15, assertThrows(GuestTrap.class, () -> bed.call("proc_raise", 15)).exitCode());
    // XCPU: Linux has one more signal before it
    assertEquals(128 + 24, assertThrows(GuestTrap.class, () -> bed.call("proc_raise", 23)).exitCode());
  }

  @Test
  void yieldReturns() throws Exception {
    bed.ok("sched_yield");
  }

  @Test
  void allFunctionsOfTheSpecificationAreOffered() {
    var snapshot = new SnapshotModule(SETTINGS).functions();
    var unstable = new UnstableModule(SETTINGS).functions();
    assertEquals(46, snapshot.size());
    assertEquals(45, unstable.size());
    assertFalse(unstable.containsKey("sock_accept"));
    assertEquals(76, Errno.NOTCAPABLE.ordinal());
    assertEquals(28, Errno.INVAL.ordinal());
    assertEquals(52, Errno.NOSYS.ordinal());
  }
}
