package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestCounters;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.calls.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a descriptor is and may do, and what becomes of its number. */
@Timeout(300)
class DescriptorTest {
  private static final int STANDARD = 6;

  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory);
    Files.writeString(bed.root.resolve("a"), "content of a");
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  private int fdstat(int fd) throws Exception {
    int at = bed.room(24);
    bed.ok("fd_fdstat_get", fd, at);
    return at;
  }

  @Test
  void fdstatTellsKindFlagsAndRights() throws Exception {
    int file = bed.open(Bed.ROOT, "a", 0, Bed.READ, Flags.FD_APPEND | Flags.FD_NONBLOCK);
    int at = fdstat(file);
    assertEquals(FileType.REGULAR_FILE, bed.memory.bytes()[at]);
    assertEquals(Flags.FD_APPEND | Flags.FD_NONBLOCK, Memory.int16(bed.memory.bytes(), at + 2));
    assertEquals(Bed.READ, bed.int64(at + 8));
    assertEquals(Rights.ALL, bed.int64(at + 16));
    at = fdstat(Bed.ROOT);
    assertEquals(FileType.DIRECTORY, bed.memory.bytes()[at]);
    assertEquals(Rights.DIRECTORY, bed.int64(at + 8));
    assertEquals(Rights.ALL, bed.int64(at + 16));
    // Whoever may not seek and is no terminal is a pipe for programs.
    assertEquals(0, bed.int64(fdstat(1) + 8) & (Rights.FD_SEEK | Rights.FD_TELL));
    assertEquals(FileType.UNKNOWN, bed.memory.bytes()[fdstat(0)]);
  }

  @Test
  void rightsCanOnlyBecomeFewer() throws Exception {
    int file = bed.open(Bed.ROOT, "a", 0, Bed.READ_WRITE, 0);
    bed.ok("fd_fdstat_set_rights", file, Rights.FD_READ | Rights.FD_SEEK, 0L);
    assertEquals(Errno.NOTCAPABLE, bed.write(file, "x"));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_fdstat_set_rights", file, Rights.FD_READ | Rights.FD_WRITE, 0L));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_fdstat_set_rights", file, Rights.FD_READ, Rights.FD_READ));
    assertEquals("content of a", bed.read(file));
    assertEquals(Rights.FD_READ | Rights.FD_SEEK, bed.int64(fdstat(file) + 8));
  }

  @Test
  void whatIsOpenedBelowHasNoMoreRights() throws Exception {
    bed.ok("fd_fdstat_set_rights", Bed.ROOT, Rights.PATH_OPEN, Rights.FD_READ);
    int result = bed.room(4);
    String path = "a";
    int at = bed.bytes(path.getBytes());
    assertEquals(
        Errno.NOTCAPABLE, bed.call("path_open", Bed.ROOT, 0, at, 1, 0, Rights.FD_WRITE, 0L, 0, result));
    assertEquals(
        Errno.NOTCAPABLE, bed.call("path_open", Bed.ROOT, 0, at, 1, 0, Rights.FD_READ, Rights.FD_WRITE, 0, result));
    bed.ok("path_open", Bed.ROOT, 0, at, 1, 0, Rights.FD_READ, 0L, 0, result);
    assertEquals(Rights.FD_READ, bed.int64(fdstat(bed.int32(result)) + 8));
    // Rights that the specification does not know are nobody's.
    bed.ok("path_open", Bed.ROOT, 0, at, 1, 0, Rights.FD_READ | 1L << 40, 0L, 0, result);
    assertEquals(Errno.NOTCAPABLE, bed.call("path_filestat_get", Bed.ROOT, 0, "a", 64));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_open", Bed.ROOT, 0, at, 1, Flags.OPEN_CREATE, 0L, 0L, 0, result));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_open", Bed.ROOT, 0, at, 1, Flags.OPEN_TRUNCATE, 0L, 0L, 0, result));
  }

  @Test
  void pathCallsNeedTheirRights() throws Exception {
    bed.ok("fd_fdstat_set_rights", Bed.ROOT, 0L, Rights.ALL);
    assertEquals(Errno.NOTCAPABLE, bed.call("path_create_directory", Bed.ROOT, "d"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_remove_directory", Bed.ROOT, "d"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_unlink_file", Bed.ROOT, "a"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_rename", Bed.ROOT, "a", Bed.OTHER, "b"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_rename", Bed.OTHER, "a", Bed.ROOT, "b"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_link", Bed.ROOT, 0, "a", Bed.OTHER, "b"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_link", Bed.OTHER, 0, "a", Bed.ROOT, "b"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_symlink", "a", Bed.ROOT, "b"));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_readlink", Bed.ROOT, "a", 64, 10, 128));
    assertEquals(Errno.NOTCAPABLE, bed.call("path_filestat_set_times", Bed.ROOT, 0, "a", 0L, 0L, 0));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_readdir", Bed.ROOT, 64, 10, 0L, 128));
    assertEquals(Errno.NOTCAPABLE, bed.tryOpen(Bed.ROOT, "a", 0, 0, 0));
  }

  @Test
  void givenDirectoriesTellTheirNames() throws Exception {
    int at = bed.room(8);
    bed.ok("fd_prestat_get", Bed.READ_ONLY, at);
    assertEquals(0, bed.int32(at));
    assertEquals("/etc/config".length(), bed.int32(at + 4));
    int name = bed.room(20);
    bed.ok("fd_prestat_dir_name", Bed.READ_ONLY, name, 11);
    assertEquals("/etc/config", bed.text(name, 11));
    bed.ok("fd_prestat_dir_name", Bed.READ_ONLY, name, 20);
    assertEquals(Errno.NAMETOOLONG, bed.call("fd_prestat_dir_name", Bed.READ_ONLY, name, 10));
    for (int fd : new int[] {0, 1, 2, STANDARD, 1000, -1}) {
      assertEquals(Errno.BADF, bed.call("fd_prestat_get", fd, at));
    }
    int opened = bed.open(Bed.ROOT, ".", Flags.OPEN_DIRECTORY, 0, 0);
    assertEquals(Errno.BADF, bed.call("fd_prestat_get", opened, at));
    assertEquals(Errno.BADF, bed.call("fd_prestat_dir_name", opened, name, 20));
  }

  @Test
  void theLowestFreeNumberIsNext() throws Exception {
    int first = bed.open(Bed.ROOT, "a", 0, Bed.READ, 0);
    int second = bed.open(Bed.ROOT, "a", 0, Bed.READ, 0);
    assertEquals(STANDARD, first);
    assertEquals(STANDARD + 1, second);
    bed.ok("fd_close", first);
    assertEquals(Errno.BADF, bed.call("fd_close", first));
    bed.ok("fd_close", Bed.READ_ONLY);
    assertEquals(Bed.READ_ONLY, bed.open(Bed.ROOT, "a", 0, Bed.READ, 0));
    assertEquals(first, bed.open(Bed.ROOT, "a", 0, Bed.READ, 0));
    assertEquals(STANDARD + 2, bed.open(Bed.ROOT, "a", 0, Bed.READ, 0));
  }

  @Test
  void renumberingClosesWhatWasThere() throws Exception {
    int file = bed.open(Bed.ROOT, "a", 0, Bed.READ_WRITE, 0);
    assertEquals(Errno.BADF, bed.call("fd_renumber", file, STANDARD + 5));
    assertEquals(Errno.BADF, bed.call("fd_renumber", STANDARD + 5, file));
    bed.ok("fd_renumber", file, file);
    bed.ok("fd_renumber", file, 1);
    assertEquals(Errno.BADF, bed.call("fd_fdstat_get", file, 64));
    assertEquals("content of a", bed.read(1));
    assertEquals(0, Files.size(bed.stdout));
  }

  @Test
  void renumberingOverAGivenDirectoryLeavesNothingOfIt() throws Exception {
    Files.createDirectory(bed.root.resolve("inner"));
    int inner = bed.open(Bed.ROOT, "inner", Flags.OPEN_DIRECTORY, Rights.DIRECTORY, 0);
    bed.ok("fd_renumber", inner, Bed.READ_ONLY);
    assertEquals(Errno.BADF, bed.call("fd_prestat_get", Bed.READ_ONLY, 64));
    // It is the writable directory now, and still beneath its own root only.
    bed.ok("path_create_directory", Bed.READ_ONLY, "new");
    assertTrue(Files.isDirectory(bed.root.resolve("inner/new")));
    assertEquals(Errno.PERM, bed.tryOpen(Bed.READ_ONLY, "../a", 1, 0, Bed.READ));
    // A read-only one stays so wherever it is.
    bed.ok("fd_renumber", Bed.OTHER, Bed.READ_ONLY);
    Bed fresh = new Bed(directory.resolve("second"));
    try (fresh) {
      fresh.ok("fd_renumber", Bed.READ_ONLY, Bed.ROOT);
      assertEquals(Errno.ROFS, fresh.call("path_create_directory", Bed.ROOT, "new"));
      assertFalse(Files.exists(fresh.readOnly.resolve("new")));
    }
  }

  @Test
  void onlySoManyFilesAreOpen() throws Exception {
    try (Bed small = new Bed(directory.resolve("small"), new Settings(10, true))) {
      Files.writeString(small.root.resolve("a"), "x");
      int[] open = new int[4];
      for (int i = 0; i < open.length; i++) {
        open[i] = small.open(Bed.ROOT, "a", 0, Bed.READ, 0);
      }
      assertEquals(10, ((Number) small.context.attributes().get(GuestCounters.OPEN_FILES)).intValue());
      long before = descriptorsOfThisProcess();
      assertEquals(Errno.MFILE, small.tryOpen(Bed.ROOT, "a", 0, 0, Bed.READ));
      assertEquals(Errno.MFILE, small.tryOpen(Bed.ROOT, "new", 0, Flags.OPEN_CREATE, Bed.READ));
      assertEquals(before, descriptorsOfThisProcess());
      assertFalse(Files.exists(small.root.resolve("new")));
      small.ok("fd_close", open[2]);
      assertEquals(open[2], small.open(Bed.ROOT, "a", 0, Bed.READ, 0));
    }
  }

  @Test
  void nothingStaysOpen() throws Exception {
    bed.ok("sched_yield");
    long before = descriptorsOfThisProcess();
    for (int round = 0; round < 20; round++) {
      try (Bed other = new Bed(directory.resolve("again"))) {
        Files.createDirectories(other.root.resolve("d/e"));
        for (int i = 0; i < 20; i++) {
          other.open(Bed.ROOT, "d/e/f" + i, Flags.OPEN_CREATE, Bed.READ_WRITE, 0);
        }
        assertEquals(Errno.NOENT, other.tryOpen(Bed.ROOT, "d/e/absent", 0, 0, 0));
        assertEquals(Errno.NOTDIR, other.tryOpen(Bed.ROOT, "d/e/f1/x", 0, 0, 0));
      }
    }
    assertEquals(before, descriptorsOfThisProcess());
  }

  private static long descriptorsOfThisProcess() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void callsOnNumbersThatAreNoDescriptorsAreRefused() throws Exception {
    for (int fd : new int[] {STANDARD, 100_000, Integer.MAX_VALUE, -1}) {
      assertEquals(Errno.BADF, bed.call("fd_close", fd));
      assertEquals(Errno.BADF, bed.call("fd_read", fd, 64, 0, 64));
      assertEquals(Errno.BADF, bed.call("path_create_directory", fd, "x"));
      assertEquals(Errno.BADF, bed.call("sock_shutdown", fd, 1));
    }
    assertEquals(Errno.NOTDIR, bed.call("path_create_directory", 1, "x"));
  }

  @Test
  void nothingOfItsIsASocket() throws Exception {
    int file = bed.open(Bed.ROOT, "a", 0, Bed.READ_WRITE, 0);
    for (int fd : new int[] {0, 1, Bed.ROOT, file}) {
      assertEquals(Errno.NOTSOCK, bed.call("sock_accept", fd, 0, 64));
      assertEquals(Errno.NOTSOCK, bed.call("sock_recv", fd, bed.piece(64, 8), 1, 0, 128, 136));
      assertEquals(Errno.NOTSOCK, bed.call("sock_send", fd, bed.piece(64, 8), 1, 0, 128));
      assertEquals(Errno.NOTSOCK, bed.call("sock_shutdown", fd, 3));
      assertEquals(Errno.NOTSOCK, bed.call("sock_recv", fd, 64, 0, 0, 128, 136), "nothing to receive into");
      assertEquals(Errno.NOTSOCK, bed.call("sock_send", fd, 64, 0, 0, 128), "nothing to send");
      assertEquals(Errno.NOTSOCK, bed.call("sock_shutdown", fd, 0));
      assertEquals(Errno.INVAL, bed.call("sock_shutdown", fd, 4));
      assertEquals(Errno.INVAL, bed.call("sock_send", fd, bed.piece(64, 8), 1, 1, 128));
      assertEquals(Errno.INVAL, bed.call("sock_recv", fd, bed.piece(64, 8), 1, 4, 128, 136));
    }
  }
}
