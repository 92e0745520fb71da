package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing in a read-only mount is changed, in no way. */
@Timeout(300)
class ReadOnlyTest {
  @TempDir
  Path directory;

  private Bed bed;
  private List<String> before;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory);
    Files.createDirectories(bed.readOnly.resolve("d/empty"));
    Files.writeString(bed.readOnly.resolve("d/file"), "content");
    Files.createSymbolicLink(bed.readOnly.resolve("link"), Path.of("d/file"));
    Files.writeString(bed.root.resolve("own"), "own");
    before = everything();
  }

  @AfterEach
  void end() throws Exception {
    assertEquals(before, everything());
    bed.close();
  }

  /** All that there is, with sizes, times and numbers of names. */
  private List<String> everything() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(bed.readOnly)) {
      for (Path file : files.sorted().toList()) {
        all.add(
            file + " "
                + Files.readAttributes(file, "unix:size,lastModifiedTime,nlink,ino", LinkOption.NOFOLLOW_LINKS));
      }
    }
    return all;
  }

  private void readOnly(String function, Object... args) throws Exception {
    assertEquals(Errno.ROFS, bed.call(function, args), function);
  }

  @Test
  void itCanBeReadInEachWay() throws Exception {
    assertEquals("content", bed.read(bed.open(Bed.READ_ONLY, "link", 0, Bed.READ, 0)));
    bed.ok("path_filestat_get", Bed.READ_ONLY, 1, "d/file", 64);
    bed.ok("path_readlink", Bed.READ_ONLY, "link", 64, 100, 256);
    bed.ok("fd_readdir", Bed.READ_ONLY, 64, 1000, 0L, 2048);
    bed.ok("fd_sync", Bed.READ_ONLY);
  }

  /** By which wasi-libc answers access(2). */
  @Test
  void itsRightsTellThatNothingCanBeWritten() throws Exception {
    assertEquals(0, inheriting(Bed.READ_ONLY) & Rights.CHANGES_FILE);
    assertEquals(Rights.CHANGES_FILE, inheriting(Bed.ROOT) & Rights.CHANGES_FILE);
    int at = bed.room(4);
    bed.ok("path_open", Bed.READ_ONLY, 0, "d", Flags.OPEN_DIRECTORY, Rights.DIRECTORY, Rights.ALL, 0, at);
    assertEquals(Rights.ALL & ~Rights.CHANGES_FILE, inheriting(bed.int32(at)));
  }

  private long inheriting(int descriptor) throws Exception {
    int at = bed.room(24);
    bed.ok("fd_fdstat_get", descriptor, at);
    return bed.int64(at + 16);
  }

  @Test
  void openingChangesNothing() throws Exception {
    for (String path : new String[] {"d/file", "link", "new", "d/new"}) {
      assertEquals(Errno.ROFS, bed.tryOpen(Bed.READ_ONLY, path, 1, Flags.OPEN_CREATE, Bed.READ), path);
      assertEquals(Errno.ROFS, bed.tryOpen(Bed.READ_ONLY, path, 1, Flags.OPEN_TRUNCATE, Bed.READ), path);
      assertEquals(Errno.ROFS, bed.tryOpen(Bed.READ_ONLY, path, 1, Flags.OPEN_TRUNCATE, 0), path);
      assertEquals(Errno.ROFS, bed.tryOpen(Bed.READ_ONLY, path, 1, 0, Rights.FD_WRITE), path);
      assertEquals(Errno.ROFS, bed.tryOpen(Bed.READ_ONLY, path, 1, 0, Rights.FD_ALLOCATE), path);
      assertEquals(Errno.ROFS, bed.tryOpen(Bed.READ_ONLY, path, 1, 0, Rights.FD_FILESTAT_SET_SIZE), path);
    }
  }

  @Test
  void noNameIsMadeChangedOrRemoved() throws Exception {
    readOnly("path_create_directory", Bed.READ_ONLY, "new");
    readOnly("path_remove_directory", Bed.READ_ONLY, "d/empty");
    readOnly("path_unlink_file", Bed.READ_ONLY, "d/file");
    readOnly("path_unlink_file", Bed.READ_ONLY, "link");
    readOnly("path_symlink", "d", Bed.READ_ONLY, "new");
    readOnly("path_rename", Bed.READ_ONLY, "d/file", Bed.READ_ONLY, "d/moved");
    readOnly("path_rename", Bed.READ_ONLY, "d/file", Bed.ROOT, "moved");
    readOnly("path_rename", Bed.ROOT, "own", Bed.READ_ONLY, "moved");
    readOnly("path_rename", Bed.ROOT, "own", Bed.READ_ONLY, "d/file");
  }

  @Test
  void noSecondNameLetsAFileBeChanged() throws Exception {
    readOnly("path_link", Bed.READ_ONLY, 0, "d/file", Bed.READ_ONLY, "second");
    readOnly("path_link", Bed.READ_ONLY, 0, "d/file", Bed.ROOT, "second");
    readOnly("path_link", Bed.READ_ONLY, 1, "link", Bed.ROOT, "second");
    readOnly("path_link", Bed.ROOT, 0, "own", Bed.READ_ONLY, "second");
  }

  @Test
  void timesStay() throws Exception {
    readOnly("path_filestat_set_times", Bed.READ_ONLY, 0, "d/file", 1L, 1L, 5);
    readOnly("path_filestat_set_times", Bed.READ_ONLY, 1, "link", 1L, 1L, 10);
    readOnly("fd_filestat_set_times", Bed.READ_ONLY, 1L, 1L, 5);
    int file = bed.open(Bed.READ_ONLY, "d/file", 0, Bed.READ, 0);
    readOnly("fd_filestat_set_times", file, 1L, 1L, 5);
  }

  @Test
  void whatIsOpenedBelowIsReadOnlyToo() throws Exception {
    int inner = bed.open(Bed.READ_ONLY, "d", Flags.OPEN_DIRECTORY, Rights.DIRECTORY, 0);
    readOnly("path_create_directory", inner, "new");
    readOnly("path_unlink_file", inner, "file");
    readOnly("fd_filestat_set_times", inner, 1L, 1L, 5);
    assertEquals(Errno.ROFS, bed.tryOpen(inner, "file", 1, 0, Rights.FD_WRITE));
    int file = bed.open(inner, "file", 0, Bed.READ, 0);
    assertEquals(Errno.NOTCAPABLE, bed.write(file, "x"));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_filestat_set_size", file, 0L));
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_allocate", file, 0L, 100L));
    bed.ok("fd_fdstat_set_flags", file, Flags.FD_APPEND);
    assertEquals(Errno.NOTCAPABLE, bed.write(file, "x"));
  }
}
