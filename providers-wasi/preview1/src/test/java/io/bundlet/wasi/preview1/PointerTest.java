package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.calls.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever numbers a guest gives, it gets an error number: no trap, no exception, no room that somebody else needs. */
@Timeout(300)
class PointerTest {
  private static final int END = Bed.MEMORY;
  private static final long[] NUMBERS = {
    0, 1, 2, 3, 4, 8, 64, 1000, END - 65, END - 64, END - 48, END - 32, END - 24, END - 9, END - 8, END - 5, END - 4,
    END - 3, END - 1, END, END + 1, END + 65_536, 0x7fff_ffffL, 0x8000_0000L, 0xffff_fff0L, 0xffff_ffffL
  };

  @TempDir
  Path directory;

  private Bed bed;

  @AfterEach
  void end() {
    bed.close();
  }

  /** Each call that is right but for one pointer: what it takes before that pointer, and after. */
  @Test
  void everyPointerIsCheckedBeforeAnythingIsDone() throws Exception {
    bed = new Bed(directory);
    Files.writeString(bed.root.resolve("a"), "content");
    Files.createSymbolicLink(bed.root.resolve("l"), Path.of("a"));
    int fd = bed.open(Bed.ROOT, "a", 0, Bed.READ_WRITE, 0);
    int ok = bed.room(256);
    int piece = bed.piece(ok, 4);
    for (int past = 1; past <= 4; past++) {
      int bad = END - 4 + past;
      int bad8 = END - 8 + past;
      fault("args_sizes_get", bad, ok);
      fault("args_sizes_get", ok, bad);
      fault("environ_sizes_get", bad, ok);
      fault("environ_sizes_get", ok, bad);
      fault("clock_res_get", 0, bad8);
      fault("clock_time_get", 0, 1L, bad8);
      fault("fd_fdstat_get", fd, END - 24 + past);
      fault("fd_filestat_get", fd, END - 64 + past);
      fault("fd_pread", fd, bad8, 1, 0L, ok);
      fault("fd_pread", fd, piece, 1, 0L, bad);
      fault("fd_pread", fd, bed.piece(bad, 4), 1, 0L, ok);
      fault("fd_read", fd, bad8, 1, ok);
      fault("fd_read", fd, piece, 1, bad);
      fault("fd_read", fd, bed.piece(bad, 4), 1, ok);
      fault("fd_pwrite", fd, bad8, 1, 0L, ok);
      fault("fd_pwrite", fd, piece, 1, 0L, bad);
      fault("fd_pwrite", fd, bed.piece(bad, 4), 1, 0L, ok);
      fault("fd_write", fd, bad8, 1, ok);
      fault("fd_write", fd, piece, 1, bad);
      fault("fd_write", fd, bed.piece(bad, 4), 1, ok);
      fault("fd_prestat_get", Bed.ROOT, bad8);
      fault("fd_prestat_dir_name", Bed.ROOT, bad, 5);
      fault("fd_readdir", Bed.ROOT, bad, 4, 0L, ok);
      fault("fd_readdir", Bed.ROOT, ok, 4, 0L, bad);
      fault("fd_seek", fd, 0L, 0, bad8);
      fault("fd_tell", fd, bad8);
      fault("path_create_directory", Bed.ROOT, bad, 4);
      fault("path_filestat_get", Bed.ROOT, 0, bad, 4, ok);
      fault("path_filestat_get", Bed.ROOT, 0, "a", END - 64 + past);
      fault("path_filestat_set_times", Bed.ROOT, 0, bad, 4, 0L, 0L, 0);
      fault("path_link", Bed.ROOT, 0, bad, 4, Bed.ROOT, "new");
      fault("path_link", Bed.ROOT, 0, "a", Bed.ROOT, bad, 4);
      fault("path_open", Bed.ROOT, 0, bad, 4, 0, 0L, 0L, 0, ok);
      fault("path_open", Bed.ROOT, 0, "new", 1, 0L, 0L, 0, bad);
      fault("path_readlink", Bed.ROOT, bad, 4, ok, 4, ok);
      fault("path_readlink", Bed.ROOT, "l", bad, 4, ok);
      fault("path_readlink", Bed.ROOT, "l", ok, 4, bad);
      fault("path_remove_directory", Bed.ROOT, bad, 4);
      fault("path_rename", Bed.ROOT, bad, 4, Bed.ROOT, "new");
      fault("path_rename", Bed.ROOT, "a", Bed.ROOT, bad, 4);
      fault("path_symlink", bad, 4, Bed.ROOT, "new");
      fault("path_symlink", "a", Bed.ROOT, bad, 4);
      fault("path_unlink_file", Bed.ROOT, bad, 4);
      fault("poll_oneoff", END - 48 + past, ok, 1, ok);
      fault("poll_oneoff", ok, END - 32 + past, 1, ok);
      fault("poll_oneoff", ok, ok, 1, bad);
      fault("random_get", bad, 4);
      fault("sock_accept", fd, 0, bad);
      fault("sock_recv", fd, bad8, 1, 0, ok, ok);
      fault("sock_recv", fd, piece, 1, 0, bad, ok);
      fault("sock_send", fd, bad8, 1, 0, ok);
      fault("sock_send", fd, piece, 1, 0, bad);
    }
    assertEquals("content", bed.read(fd));
    assertEquals("content", Files.readString(bed.root.resolve("a")));
    try (var files = Files.list(bed.root)) {
      assertEquals(2, files.count());
    }
  }

  private void fault(String function, Object... args) throws Exception {
    assertEquals(Errno.FAULT, bed.call(function, args), function);
  }

  /** With arguments and environment there, their lists too. */
  @Test
  void listsOfTextsAreChecked() throws Exception {
    SnapshotModule module = new SnapshotModule(new Settings(Settings.OPEN_FILES, true));
    bed = new Bed(directory, module, Map.of("A", "b"), "prog", "x");
    fault("args_get", END - 7, 64);
    fault("args_get", 64, END - 6);
    fault("environ_get", END - 3, 64);
    fault("environ_get", 64, END - 3);
    bed.ok("args_get", END - 8, 64);
    bed.ok("environ_get", 64, END - 4);
  }

  /** Numbers at and past each border in all arguments of all functions, a hundred thousand times. */
  @Test
  void anyNumbersGiveAnErrorNumber() throws Exception {
    SnapshotModule module = new SnapshotModule(new Settings(20, true));
    Random random = new Random(20_261_124);
    String[] names = module.functions().keySet().stream()
        .filter(name -> !name.startsWith("proc_") && !name.equals("poll_oneoff"))
        .sorted()
        .toArray(String[]::new);
    bed = new Bed(directory, module, Map.of("A", "b"), "prog");
    Files.writeString(bed.root.resolve("a"), "content");
    for (int round = 0; round < 100_000; round++) {
      String name = names[random.nextInt(names.length)];
      FunctionType type = module.functions().get(name);
      long[] args = new long[type.params().size()];
      for (int i = 0; i < args.length; i++) {
        args[i] = NUMBERS[random.nextInt(NUMBERS.length)];
        if (type.params().get(i).equals("i64") && random.nextBoolean()) {
          args[i] = -args[i];
        }
      }
      if (name.equals("fd_close") || name.equals("fd_renumber") || name.equals("fd_allocate")
          || name.equals("fd_filestat_set_size") || name.equals("fd_fdstat_set_rights")) {
        args[0] += 100;
      }
      long[] result = {-1};
      try {
        module.call(name, bed.context, bed.memory, args, result);
      } catch (GuestTrap | RuntimeException e) {
        throw new AssertionError(name + Arrays.toString(args), e);
      }
      assertTrue(result[0] >= 0 && result[0] <= 76, name + " gave " + result[0]);
      if (name.equals("fd_read") && args[2] > 1024) {
        assertNotEquals(0, result[0]);
      }
    }
    bed.ok("path_filestat_get", Bed.ROOT, 0, "a", 64);
  }
}
