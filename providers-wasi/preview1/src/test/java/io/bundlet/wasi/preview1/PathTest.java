package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Rights;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done by path, when nobody means harm. */
@Timeout(300)
class PathTest {
  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory);
    Files.createDirectories(bed.root.resolve("d/e"));
    Files.writeString(bed.root.resolve("d/e/file"), "content");
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  @Test
  void pathsMayBeWrittenInManyWays() throws Exception {
    for (String path : new String[] {
        "d/e/file", "./d/e/file", "d//e///file", "d/./e/file", "d/../d/e/../e/file", "d/e/../../d/e/file"}) {
      assertEquals("content", bed.read(bed.open(Bed.ROOT, path, 0, Bed.READ, 0)), path);
    }
    for (String path : new String[] {".", "d", "d/", "d///", "d/e/.", "d/e/..", "d/e/../"}) {
      bed.open(Bed.ROOT, path, Flags.OPEN_DIRECTORY, 0, 0);
      bed.open(Bed.ROOT, path, 0, 0, 0);
    }
    assertEquals(Errno.NOTDIR, bed.tryOpen(Bed.ROOT, "d/e/file/", 0, 0, 0));
    assertEquals(Errno.NOTDIR, bed.tryOpen(Bed.ROOT, "d/e/file", 0, Flags.OPEN_DIRECTORY, 0));
    assertEquals(Errno.NOTDIR, bed.tryOpen(Bed.ROOT, "d/e/file/x", 0, 0, 0));
    assertEquals(Errno.NOENT, bed.tryOpen(Bed.ROOT, "", 0, 0, 0));
    assertEquals(Errno.NOENT, bed.tryOpen(Bed.ROOT, "x/y", 0, Flags.OPEN_CREATE, 0));
  }

  @Test
  void openingMakesTruncatesAndRefuses() throws Exception {
    int made = bed.open(Bed.ROOT, "new", Flags.OPEN_CREATE | Flags.OPEN_EXCLUSIVE, Bed.READ_WRITE, 0);
    bed.write(made, "12345");
    assertEquals(Errno.EXIST, bed.tryOpen(Bed.ROOT, "new", 0, Flags.OPEN_CREATE | Flags.OPEN_EXCLUSIVE, 0));
    assertEquals("12345", bed.read(bed.open(Bed.ROOT, "new", Flags.OPEN_CREATE, Bed.READ_WRITE, 0)));
    assertEquals("", bed.read(bed.open(Bed.ROOT, "new", Flags.OPEN_TRUNCATE, Bed.READ_WRITE, 0)));
    assertEquals(Errno.ISDIR, bed.tryOpen(Bed.ROOT, "d", 0, 0, Rights.FD_WRITE));
    assertEquals(
        Errno.ISDIR, bed.tryOpen(Bed.ROOT, "d", 0, Flags.OPEN_DIRECTORY, Rights.FD_READ | Rights.FD_WRITE));
    assertEquals(Errno.ISDIR, bed.tryOpen(Bed.ROOT, "d", 0, Flags.OPEN_CREATE, 0));
    assertEquals(Errno.ISDIR, bed.tryOpen(Bed.ROOT, "absent/", 0, Flags.OPEN_CREATE, 0));
    assertEquals(Errno.INVAL, bed.tryOpen(Bed.ROOT, "x", 0, Flags.OPEN_CREATE | Flags.OPEN_DIRECTORY, 0));
    assertEquals(Errno.INVAL, bed.tryOpen(Bed.ROOT, "x", 0, 16, 0));
    assertEquals(Errno.INVAL, bed.tryOpen(Bed.ROOT, "x", 2, 0, 0));
    assertEquals(Errno.INVAL, bed.tryOpen(Bed.ROOT, "x", 0, 0, 0, 32, 64));
  }

  @Test
  void directoriesAreMadeAndRemoved() throws Exception {
    bed.ok("path_create_directory", Bed.ROOT, "new");
    bed.ok("path_create_directory", Bed.ROOT, "new/inner/");
    assertTrue(Files.isDirectory(bed.root.resolve("new/inner")));
    assertEquals(Errno.EXIST, bed.call("path_create_directory", Bed.ROOT, "new"));
    assertEquals(Errno.EXIST, bed.call("path_create_directory", Bed.ROOT, "."));
    assertEquals(Errno.NOTEMPTY, bed.call("path_remove_directory", Bed.ROOT, "new"));
    assertEquals(Errno.NOTDIR, bed.call("path_remove_directory", Bed.ROOT, "d/e/file"));
    assertEquals(Errno.INVAL, bed.call("path_remove_directory", Bed.ROOT, "."));
    bed.ok("path_remove_directory", Bed.ROOT, "new/inner/");
    bed.ok("path_remove_directory", Bed.ROOT, "new");
    assertFalse(Files.exists(bed.root.resolve("new")));
    assertEquals(Errno.NOENT, bed.call("path_remove_directory", Bed.ROOT, "new"));
  }

  @Test
  void filesAreUnlinked() throws Exception {
    assertEquals(Errno.ISDIR, bed.call("path_unlink_file", Bed.ROOT, "d"));
    assertEquals(Errno.ISDIR, bed.call("path_unlink_file", Bed.ROOT, "d/"));
    assertEquals(Errno.NOTDIR, bed.call("path_unlink_file", Bed.ROOT, "d/e/file/"));
    assertEquals(Errno.NOENT, bed.call("path_unlink_file", Bed.ROOT, "d/x/"));
    bed.ok("path_unlink_file", Bed.ROOT, "d/e/file");
    assertEquals(Errno.NOENT, bed.call("path_unlink_file", Bed.ROOT, "d/e/file"));
  }

  @Test
  void namesAreChangedWithinAndAcrossDirectories() throws Exception {
    bed.ok("path_rename", Bed.ROOT, "d/e/file", Bed.ROOT, "d/moved");
    bed.ok("path_rename", Bed.ROOT, "d/moved", Bed.OTHER, "there");
    assertEquals("content", Files.readString(bed.other.resolve("there")));
    bed.ok("path_rename", Bed.ROOT, "d/e/", Bed.OTHER, "directory/");
    assertTrue(Files.isDirectory(bed.other.resolve("directory")));
    assertEquals(Errno.NOTDIR, bed.call("path_rename", Bed.OTHER, "there/", Bed.OTHER, "x"));
    assertEquals(Errno.NOTDIR, bed.call("path_rename", Bed.OTHER, "there", Bed.OTHER, "x/"));
    assertEquals(Errno.ISDIR, bed.call("path_rename", Bed.OTHER, "there", Bed.OTHER, "directory"));
    assertEquals(Errno.NOTDIR, bed.call("path_rename", Bed.OTHER, "directory", Bed.OTHER, "there"));
    assertEquals(Errno.NOENT, bed.call("path_rename", Bed.OTHER, "absent/", Bed.OTHER, "x"));
    assertEquals(Errno.BUSY, bed.call("path_rename", Bed.OTHER, ".", Bed.OTHER, "x"));
    Files.writeString(bed.other.resolve("over"), "old");
    bed.ok("path_rename", Bed.OTHER, "there", Bed.OTHER, "over");
    assertEquals("content", Files.readString(bed.other.resolve("over")));
  }

  @Test
  void filesGetSecondNames() throws Exception {
    bed.ok("path_link", Bed.ROOT, 0, "d/e/file", Bed.OTHER, "second");
    Files.writeString(bed.other.resolve("second"), "changed");
    assertEquals("changed", Files.readString(bed.root.resolve("d/e/file")));
    assertEquals(Errno.EXIST, bed.call("path_link", Bed.ROOT, 0, "d/e/file", Bed.OTHER, "second"));
    assertEquals(Errno.PERM, bed.call("path_link", Bed.ROOT, 0, "d", Bed.OTHER, "x"));
    assertEquals(Errno.NOENT, bed.call("path_link", Bed.ROOT, 0, "d/e/file", Bed.OTHER, "x/"));
    assertEquals(Errno.NOTDIR, bed.call("path_link", Bed.ROOT, 0, "d/e/file/", Bed.OTHER, "x"));
    bed.ok("path_symlink", "absent", Bed.ROOT, "dangling");
    bed.ok("path_link", Bed.ROOT, 0, "dangling", Bed.ROOT, "dangling-too");
    assertTrue(Files.isSymbolicLink(bed.root.resolve("dangling-too")));
    assertEquals(Errno.NOENT, bed.call("path_link", Bed.ROOT, 1, "dangling", Bed.ROOT, "x"));
    bed.ok("path_symlink", "e/file", Bed.ROOT, "d/to-file");
    bed.ok("path_link", Bed.ROOT, 1, "d/to-file", Bed.ROOT, "third");
    assertFalse(Files.isSymbolicLink(bed.root.resolve("third")));
  }

  @Test
  void linksAreMadeReadAndFollowed() throws Exception {
    bed.ok("path_symlink", "../d/e", Bed.ROOT, "d/up-and-down");
    bed.ok("path_symlink", "d/up-and-down/file", Bed.ROOT, "l");
    int at = bed.room(100);
    int used = bed.room(4);
    bed.ok("path_readlink", Bed.ROOT, "l", at, 100, used);
    assertEquals("d/up-and-down/file", bed.text(at, bed.int32(used)));
    bed.ok("path_readlink", Bed.ROOT, "l", at, 4, used);
    assertEquals("d/up", bed.text(at, bed.int32(used)));
    assertEquals(Errno.INVAL, bed.call("path_readlink", Bed.ROOT, "d", at, 4, used));
    assertEquals("content", bed.read(bed.open(Bed.ROOT, "l", 0, Bed.READ, 0)));
    assertEquals("content", bed.read(bed.open(Bed.ROOT, "d/up-and-down/file", 0, Bed.READ, 0)));
    assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "l", 0, 0, Bed.READ));
    bed.open(Bed.ROOT, "d/up-and-down/", 0, 0, 0);
    assertEquals(Errno.EXIST, bed.call("path_symlink", "x", Bed.ROOT, "l"));
    assertEquals(Errno.NOENT, bed.call("path_symlink", "x", Bed.ROOT, "absent/"));
    assertEquals(Errno.EXIST, bed.call("path_symlink", "x", Bed.ROOT, "d/"));
    assertEquals(Errno.NOTDIR, bed.call("path_symlink", "x", Bed.ROOT, "d/e/file/"));
    assertEquals(Errno.NOENT, bed.call("path_symlink", "", Bed.ROOT, "x"));
    // A new file comes into being where a link that leads nowhere yet says.
    bed.ok("path_symlink", "d/born", Bed.ROOT, "to-be");
    bed.write(bed.open(Bed.ROOT, "to-be", Flags.OPEN_CREATE, Bed.READ_WRITE, 0), "!");
    assertEquals("!", Files.readString(bed.root.resolve("d/born")));
    assertEquals(Errno.EXIST, bed.tryOpen(Bed.ROOT, "to-be", 1, Flags.OPEN_CREATE | Flags.OPEN_EXCLUSIVE, 0));
  }

  @Test
  void linksThatLeadInCirclesAreGivenUp() throws Exception {
    bed.ok("path_symlink", "b", Bed.ROOT, "a");
    bed.ok("path_symlink", "a", Bed.ROOT, "b");
    assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "a", 1, 0, 0));
    assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "a/x", 1, 0, 0));
    assertEquals(Errno.LOOP, bed.call("path_filestat_get", Bed.ROOT, 1, "a", 64));
  }

  @Test
  void filestatIsThatOfTheLinkOrOfWhatItLeadsTo() throws Exception {
    bed.ok("path_symlink", "d/e/file", Bed.ROOT, "l");
    int at = bed.room(64);
    bed.ok("path_filestat_get", Bed.ROOT, 0, "l", at);
    assertEquals(FileType.SYMBOLIC_LINK, bed.memory.bytes()[at + 16]);
    assertEquals("d/e/file".length(), bed.int64(at + 32));
    bed.ok("path_filestat_get", Bed.ROOT, 1, "l", at);
    assertEquals(FileType.REGULAR_FILE, bed.memory.bytes()[at + 16]);
    assertEquals(7, bed.int64(at + 32));
    assertEquals(Errno.NOTDIR, bed.call("path_filestat_get", Bed.ROOT, 1, "l/", at));
    assertEquals(Errno.NOENT, bed.call("path_filestat_get", Bed.ROOT, 1, "absent", at));
    bed.ok("path_filestat_get", Bed.ROOT, 1, "d/", at);
    assertEquals(FileType.DIRECTORY, bed.memory.bytes()[at + 16]);
  }

  @Test
  void timesAreSetOfTheLinkOrOfWhatItLeadsTo() throws Exception {
    bed.ok("path_symlink", "d/e/file", Bed.ROOT, "l");
    bed.ok("path_filestat_set_times", Bed.ROOT, 0, "l", 0L, 4_000L, Flags.MODIFIED);
    bed.ok("path_filestat_set_times", Bed.ROOT, 1, "l", 7_000L, 9_000L, Flags.MODIFIED | Flags.ACCESSED);
    Path link = bed.root.resolve("l");
    assertEquals(4_000, Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).to(TimeUnit.NANOSECONDS));
    assertEquals(9_000, Files.getLastModifiedTime(link).to(TimeUnit.NANOSECONDS));
    assertEquals(7_000, ((FileTime) Files.getAttribute(link, "lastAccessTime")).to(TimeUnit.NANOSECONDS));
    assertEquals(
        Errno.INVAL,
        bed.call("path_filestat_set_times", Bed.ROOT, 0, "l", 0L, 0L, Flags.MODIFIED | Flags.MODIFIED_NOW));
    assertEquals(Errno.NOENT, bed.call("path_filestat_set_times", Bed.ROOT, 0, "absent", 0L, 0L, 0));
  }

  @Test
  void namesThatAreNoTextAreNamesAllTheSame() throws Exception {
    int at = bed.bytes(new byte[] {'n', (byte) 0xff, (byte) 0xc3});
    bed.ok("path_create_directory", Bed.ROOT, at, 3);
    assertEquals(Errno.EXIST, bed.call("path_create_directory", Bed.ROOT, at, 3));
    bed.ok("path_remove_directory", Bed.ROOT, at, 3);
  }
}
