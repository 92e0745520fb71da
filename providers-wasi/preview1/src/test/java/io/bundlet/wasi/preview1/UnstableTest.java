package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.calls.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The structures and numbers of the forerunner. */
@Timeout(300)
class UnstableTest {
  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory, new UnstableModule(new Settings(Settings.OPEN_FILES, true)), Map.of());
    Files.writeString(bed.root.resolve("a"), "0123456789");
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  @Test
  void offsetsCountFromOtherNumbers() throws Exception {
    int fd = bed.open(Bed.ROOT, "a", 0, Bed.READ, 0);
    int at = bed.room(8);
    bed.ok("fd_seek", fd, 3L, 2, at);
    assertEquals(3, bed.int64(at));
    bed.ok("fd_seek", fd, 2L, 0, at);
    assertEquals(5, bed.int64(at));
    bed.ok("fd_seek", fd, -1L, 1, at);
    assertEquals(9, bed.int64(at));
    assertEquals(Errno.INVAL, bed.call("fd_seek", fd, 0L, 3, at));
  }

  @Test
  void filestatHasFewerNamesAndIsShorter() throws Exception {
    Files.createLink(bed.root.resolve("b"), bed.root.resolve("a"));
    int at = bed.room(64);
    Memory.putInt64(bed.memory.bytes(), at + 56, 77);
    bed.ok("path_filestat_get", Bed.ROOT, 0, "a", at);
    assertEquals(4, bed.memory.bytes()[at + 16]);
    assertEquals(2, bed.int32(at + 20));
    assertEquals(10, bed.int64(at + 24));
    assertEquals(Files.getLastModifiedTime(bed.root.resolve("a")).to(TimeUnit.NANOSECONDS), bed.int64(at + 40));
    assertEquals(77, bed.int64(at + 56));
    assertEquals(Errno.SUCCESS, bed.call("path_filestat_get", Bed.ROOT, 0, "a", Bed.MEMORY - 56));
  }

  @Test
  void clocksThatAreWaitedForHaveAnIdentifier() throws Exception {
    byte[] clock = new byte[56];
    Memory.putInt64(clock, 0, 5);
    Memory.putInt64(clock, 16, 99);
    Memory.putInt32(clock, 24, 1);
    Memory.putInt64(clock, 32, 30_000_000);
    int events = bed.room(32);
    int count = bed.room(4);
    long begin = System.nanoTime();
    bed.ok("poll_oneoff", bed.bytes(clock), events, 1, count);
    assertTrue(System.nanoTime() - begin >= 30_000_000);
    assertEquals(1, bed.int32(count));
    assertEquals(5, bed.int64(events));
    assertEquals(0, Memory.int16(bed.memory.bytes(), events + 8));
    Memory.putInt16(clock, 48, 1);
    Memory.putInt64(clock, 32, System.nanoTime() + 10_000_000);
    begin = System.nanoTime();
    bed.ok("poll_oneoff", bed.bytes(clock), events, 1, count);
    assertTrue(System.nanoTime() - begin < 600_000_000_000L, "the flag of an absolute time was not seen");
    assertEquals(1, bed.int32(count));
    byte[] descriptor = new byte[56];
    descriptor[8] = 2;
    Memory.putInt32(descriptor, 16, 1);
    bed.ok("poll_oneoff", bed.bytes(descriptor), events, 1, count);
    assertEquals(0, Memory.int16(bed.memory.bytes(), events + 8));
    assertEquals(2, bed.memory.bytes()[events + 10]);
  }
}
