package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestCounters;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done with open files. */
@Timeout(300)
class FileTest {
  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory);
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  private int create(String name) throws Exception {
    return bed.open(Bed.ROOT, name, Flags.OPEN_CREATE, Bed.READ_WRITE, 0);
  }

  private long seek(int fd, long offset, int whence) throws Exception {
    int at = bed.room(8);
    bed.ok("fd_seek", fd, offset, whence, at);
    return bed.int64(at);
  }

  private long tell(int fd) throws Exception {
    int at = bed.room(8);
    bed.ok("fd_tell", fd, at);
    return bed.int64(at);
  }

  private long counter(String name) {
    return ((Number) bed.context.attributes().get(name)).longValue();
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    int fd = create("a");
    assertEquals(Errno.SUCCESS, bed.write(fd, "hello"));
    assertEquals(5, tell(fd));
    assertEquals(1, seek(fd, 1, 0));
    assertEquals("ello", bed.read(fd));
    assertEquals(3, seek(fd, -2, 2));
    assertEquals(4, seek(fd, 1, 1));
    assertEquals("o", bed.read(fd));
    assertEquals("", bed.read(fd));
    assertEquals(Errno.INVAL, bed.call("fd_seek", fd, -1L, 0, 64));
    assertEquals(Errno.INVAL, bed.call("fd_seek", fd, 0L, 3, 64));
    bed.ok("fd_close", fd);
    assertEquals("hello", Files.readString(bed.root.resolve("a")));
    assertEquals(5, counter(GuestCounters.FILES_WRITTEN));
    assertEquals(5, counter(GuestCounters.FILES_READ));
  }

  @Test
  void manyPiecesAreReadAndWrittenInTheirOrder() throws Exception {
    byte[] content = new byte[300_000];
    new Random(7).nextBytes(content);
    int[] lengths = {1, 0, 70_000, 13, 0, 65_536, 100_000, 64_450};
    int from = 1 << 18;
    System.arraycopy(content, 0, bed.memory.bytes(), from, content.length);
    int pieces = pieces(from, lengths);
    int fd = create("a");
    int result = bed.room(4);
    bed.ok("fd_write", fd, pieces, lengths.length, result);
    assertEquals(content.length, bed.int32(result));
    assertArrayEquals(content, Files.readAllBytes(bed.root.resolve("a")));

    Arrays.fill(bed.memory.bytes(), from, from + content.length, (byte) 0);
    bed.ok("fd_pread", fd, pieces, lengths.length, 0L, result);
    assertEquals(content.length, bed.int32(result));
    assertArrayEquals(
        content, Arrays.copyOfRange(bed.memory.bytes(), from, from + content.length));
    bed.ok("fd_pread", fd, pieces, lengths.length, 299_990L, result);
    assertEquals(10, bed.int32(result));
  }

  private int pieces(int from, int... lengths) {
    int pieces = bed.room(lengths.length * 8);
    for (int i = 0; i < lengths.length; i++) {
      Memory.putInt32(bed.memory.bytes(), pieces + i * 8, from);
      Memory.putInt32(bed.memory.bytes(), pieces + i * 8 + 4, lengths[i]);
      from += lengths[i];
    }
    return pieces;
  }

  @Test
  void countsAndSizesOfPiecesAreBounded() throws Exception {
    int fd = create("a");
    int result = bed.room(4);
    assertEquals(Errno.INVAL, bed.call("fd_write", fd, 64, 1 << 31, result));
    assertEquals(Errno.INVAL, bed.call("fd_read", fd, 64, -1, result));
    assertEquals(Errno.INVAL, bed.call("fd_pread", fd, 64, 1025, 0L, result));
    assertEquals(Errno.FAULT, bed.call("fd_write", fd, Bed.MEMORY - 8, 2, result));
    assertEquals(Errno.FAULT, bed.call("fd_write", fd, bed.piece(8, -1), 1, result));
    assertEquals(Errno.FAULT, bed.call("fd_write", fd, bed.piece(Bed.MEMORY - 3, 4), 1, result));
    assertEquals(0, Files.size(bed.root.resolve("a")));
  }

  @Test
  void placesAreNotMovedByReadingAndWritingAtAnOffset() throws Exception {
    int fd = create("a");
    bed.write(fd, "0123456789");
    int result = bed.room(4);
    bed.ok("fd_pwrite", fd, bed.piece(bed.bytes("AB".getBytes()), 2), 1, 3L, result);
    assertEquals(10, tell(fd));
    int at = bed.room(4);
    bed.ok("fd_pread", fd, bed.piece(at, 4), 1, 2L, result);
    assertEquals("2AB5", bed.text(at, 4));
    assertEquals(10, tell(fd));
    assertEquals(Errno.INVAL, bed.call("fd_pread", fd, bed.piece(at, 4), 1, -1L, result));
  }

  @Test
  void appendingIsAFlagThatCanBeTakenBack() throws Exception {
    int fd = bed.open(Bed.ROOT, "a", Flags.OPEN_CREATE, Bed.READ_WRITE, Flags.FD_APPEND);
    bed.write(fd, "one ");
    seek(fd, 0, 0);
    bed.write(fd, "two ");
    int result = bed.room(4);
    bed.ok("fd_pwrite", fd, bed.piece(bed.bytes("O".getBytes()), 1), 1, 0L, result);
    bed.write(fd, "three");
    bed.ok("fd_fdstat_set_flags", fd, Flags.FD_DSYNC);
    seek(fd, 4, 0);
    bed.write(fd, "T");
    bed.ok("fd_fdstat_set_flags", fd, Flags.FD_APPEND | Flags.FD_SYNC | Flags.FD_NONBLOCK | Flags.FD_RSYNC);
    seek(fd, 0, 0);
    bed.write(fd, "!");
    assertEquals("One Two three!", Files.readString(bed.root.resolve("a")));
    assertEquals(Errno.INVAL, bed.call("fd_fdstat_set_flags", fd, 32));
  }

  @Test
  void roomThatIsTakenInPartsIsAllThere() throws Exception {
    int fd = create("a");
    bed.ok("fd_allocate", fd, 7L, 130L << 20);
    assertEquals(7 + (130L << 20), Files.size(bed.root.resolve("a")));
  }

  @Test
  void aGuestThatIsKilledTakesNoMoreRoom() throws Exception {
    int fd = create("a");
    Thread.currentThread().interrupt();
    try {
      GuestTrap trap = assertThrows(GuestTrap.class, () -> bed.call("fd_allocate", fd, 0L, 130L << 20));
      assertEquals(GuestTrap.KILLED, trap.kind());
    } finally {
      Thread.interrupted();
    }
    assertEquals(0, Files.size(bed.root.resolve("a")));
  }

  @Test
  void sizeRoomAndAdvice() throws Exception {
    int fd = create("a");
    Path file = bed.root.resolve("a");
    bed.ok("fd_filestat_set_size", fd, 1000L);
    assertEquals(1000, Files.size(file));
    bed.ok("fd_allocate", fd, 500L, 1000L);
    assertEquals(1500, Files.size(file));
    bed.ok("fd_allocate", fd, 0L, 10L);
    bed.ok("fd_filestat_set_size", fd, 0L);
    assertEquals(0, Files.size(file));
    assertEquals(Errno.INVAL, bed.call("fd_allocate", fd, 0L, 0L));
    assertEquals(Errno.INVAL, bed.call("fd_allocate", fd, -1L, 5L));
    assertEquals(Errno.FBIG, bed.call("fd_allocate", fd, Long.MAX_VALUE, 5L));
    assertEquals(Errno.FBIG, bed.call("fd_filestat_set_size", fd, -1L));
    for (int advice = 0; advice <= 5; advice++) {
      bed.ok("fd_advise", fd, 0L, 0L, advice);
    }
    assertEquals(Errno.INVAL, bed.call("fd_advise", fd, 0L, 0L, 6));
    assertEquals(Errno.INVAL, bed.call("fd_advise", fd, -1L, 0L, 0));
    bed.ok("fd_sync", fd);
    bed.ok("fd_datasync", fd);
  }

  @Test
  void timesAreSetEachInItsWay() throws Exception {
    int fd = create("a");
    Path file = bed.root.resolve("a");
    long old = 1_000_000_007L;
    bed.ok("fd_filestat_set_times", fd, old * 1000, old * 2000, Flags.ACCESSED | Flags.MODIFIED);
    assertEquals(old * 1000, ((FileTime) Files.getAttribute(file, "lastAccessTime")).to(TimeUnit.NANOSECONDS));
    assertEquals(old * 2000, Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
    bed.ok("fd_filestat_set_times", fd, 5L, 5L, 0);
    assertEquals(old * 2000, Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
    Instant before = Instant.now().minusSeconds(1);
    bed.ok("fd_filestat_set_times", fd, 5L, 5L, Flags.MODIFIED_NOW);
    assertTrue(Files.getLastModifiedTime(file).toInstant().isAfter(before));
    assertEquals(old * 1000, ((FileTime) Files.getAttribute(file, "lastAccessTime")).to(TimeUnit.NANOSECONDS));
    bed.ok("fd_filestat_set_times", fd, 5L, 5L, Flags.ACCESSED_NOW);
    assertTrue(((FileTime) Files.getAttribute(file, "lastAccessTime")).toInstant().isAfter(before));
    assertEquals(Errno.INVAL, bed.call("fd_filestat_set_times", fd, 5L, 5L, Flags.ACCESSED | Flags.ACCESSED_NOW));
    assertEquals(Errno.INVAL, bed.call("fd_filestat_set_times", fd, 5L, 5L, Flags.MODIFIED | Flags.MODIFIED_NOW));
    assertEquals(Errno.INVAL, bed.call("fd_filestat_set_times", fd, 5L, 5L, 16));
  }

  @Test
  void filestatTellsWhatLinuxKnows() throws Exception {
    int fd = create("a");
    bed.write(fd, "hello");
    Files.createLink(bed.root.resolve("b"), bed.root.resolve("a"));
    int at = bed.room(64);
    bed.ok("fd_filestat_get", fd, at);
    Path file = bed.root.resolve("a");
    assertEquals(((Number) Files.getAttribute(file, "unix:dev")).longValue(), bed.int64(at));
    assertEquals(((Number) Files.getAttribute(file, "unix:ino")).longValue(), bed.int64(at + 8));
    assertEquals(4, bed.memory.bytes()[at + 16]);
    assertEquals(2, bed.int64(at + 24));
    assertEquals(5, bed.int64(at + 32));
    assertEquals(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS), bed.int64(at + 48));
    assertEquals(((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.NANOSECONDS), bed.int64(at + 56));
  }

  @Test
  void readingAndWritingNeedTheirRights() throws Exception {
    create("a");
    int reads = bed.open(Bed.ROOT, "a", 0, Rights.FD_READ, 0);
    assertEquals(Errno.NOTCAPABLE, bed.write(reads, "x"));
    assertEquals("", bed.read(reads));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_pread", reads, bed.piece(64, 1), 1, 0L, 64));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_filestat_set_size", reads, 0L));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_allocate", reads, 0L, 1L));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_filestat_set_times", reads, 0L, 1L, 8));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_sync", reads));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_datasync", reads));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_advise", reads, 0L, 0L, 0));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_filestat_get", reads, 64));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_fdstat_set_flags", reads, 0));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_seek", reads, 0L, 0, 64));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_tell", reads, 64));
    int writes = bed.open(Bed.ROOT, "a", 0, Rights.FD_WRITE | Rights.FD_TELL, 0);
    assertEquals(Errno.SUCCESS, bed.write(writes, "x"));
    assertEquals(1, tell(writes));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_read", writes, bed.piece(64, 1), 1, 64));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_pwrite", writes, bed.piece(64, 1), 1, 0L, 64));
  }

  @Test
  void directoriesAreNoFiles() throws Exception {
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_read", Bed.ROOT, bed.piece(64, 1), 1, 64));
    assertEquals(Errno.NOTCAPABLE, bed.write(Bed.ROOT, "x"));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_seek", Bed.ROOT, 0L, 1, 64));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_filestat_set_size", Bed.ROOT, 0L));
    bed.ok("fd_sync", Bed.ROOT);
    bed.ok("fd_datasync", Bed.ROOT);
  }
}
