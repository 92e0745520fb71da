package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Memory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ReaddirTest {
  private static final int HEAD = 24;

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

  private record Entry(long next, long inode, int kind, String name) {}

  /** What a buffer of this size got, the rest of a last entry that was cut off included. */
  private byte[] raw(long cookie, int size) throws Exception {
    int at = bed.room(size);
    int used = bed.room(4);
    bed.ok("fd_readdir", Bed.ROOT, at, size, cookie, used);
    return Arrays.copyOfRange(bed.memory.bytes(), at, at + bed.int32(used));
  }

  private static List<Entry> whole(byte[] raw) {
    List<Entry> entries = new ArrayList<>();
    for (int at = 0; at + HEAD <= raw.length; ) {
      int length = Memory.int32(raw, at + 16);
      if (at + HEAD + length > raw.length) {
        break;
      }
      entries.add(
          new Entry(
              Memory.int64(raw, at), Memory.int64(raw, at + 8), raw[at + 20],
              new String(raw, at + HEAD, length, StandardCharsets.UTF_8)));
      at += HEAD + length;
    }
    return entries;
  }

  private List<Entry> list(int size) throws Exception {
    List<Entry> all = new ArrayList<>();
    long cookie = 0;
    while (true) {
      byte[] raw = raw(cookie, size);
      List<Entry> some = whole(raw);
      all.addAll(some);
      if (raw.length < size) {
        return all;
      }
      assertTrue(!some.isEmpty(), "a buffer of " + size + " is too small for the test");
      cookie = some.getLast().next();
    }
  }

  private static Set<String> names(List<Entry> entries) {
    Set<String> names = entries.stream().map(Entry::name).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(entries.size(), names.size(), "no name is there twice");
    return names;
  }

  @Test
  void allEntriesAreThereWithTheirKinds() throws Exception {
    Files.createFile(bed.root.resolve("file"));
    Files.createDirectory(bed.root.resolve("directory"));
    Files.createSymbolicLink(bed.root.resolve("link"), Path.of("file"));
    List<Entry> entries = list(4096);
    assertEquals(Set.of(".", "..", "file", "directory", "link"), names(entries));
    for (Entry entry : entries) {
      int kind = switch (entry.name()) {
        case "file" -> FileType.REGULAR_FILE;
        case "link" -> FileType.SYMBOLIC_LINK;
        default -> FileType.DIRECTORY;
      };
      assertEquals(kind, entry.kind(), entry.name());
      if (entry.name().equals("file")) {
        assertEquals(((Number) Files.getAttribute(bed.root.resolve("file"), "unix:ino")).longValue(), entry.inode());
      }
    }
  }

  @Test
  void smallBuffersSeeTheSame() throws Exception {
    Set<String> made = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 500; i++) {
      String name = "entry-with-a-name-" + i;
      made.add(name);
      Files.createFile(bed.root.resolve(name));
    }
    for (int size : new int[] {50, 64, 100, 1000, 4096, 30_000}) {
      assertEquals(made, names(list(size)), "buffer of " + size);
    }
  }

  @Test
  void anEntryThatDoesNotFitIsCutOff() throws Exception {
    Files.createFile(bed.root.resolve("file"));
    byte[] all = raw(0, 4096);
    for (int size = 1; size < all.length; size++) {
      assertArrayEquals(Arrays.copyOf(all, size), raw(0, size), "buffer of " + size);
    }
    ByteArrayOutputStream nothing = new ByteArrayOutputStream();
    nothing.writeBytes(raw(0, 0));
    assertEquals(0, nothing.size());
  }

  @Test
  void cookiesStayValidWhileNamesComeAndGo() throws Exception {
    Set<String> stay = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 300; i++) {
      Files.createFile(bed.root.resolve("stay" + i));
      Files.createFile(bed.root.resolve("go" + i));
      stay.add("stay" + i);
    }
    List<Entry> seen = new ArrayList<>();
    long cookie = 0;
    int removed = 0;
    while (true) {
      byte[] raw = raw(cookie, 400);
      List<Entry> some = whole(raw);
      for (Entry entry : some) {
        if (entry.name().startsWith("go") && Files.deleteIfExists(bed.root.resolve(entry.name()))) {
          removed++;
        }
      }
      Files.deleteIfExists(bed.root.resolve("go" + (299 - removed)));
      seen.addAll(some);
      if (raw.length < 400) {
        break;
      }
      cookie = some.getLast().next();
    }
    Set<String> names = names(seen);
    assertTrue(names.containsAll(stay));
    assertTrue(removed > 0);
  }

  @Test
  void aCookieLeadsToTheRestOfTheEntries() throws Exception {
    for (int i = 0; i < 10; i++) {
      Files.createFile(bed.root.resolve("f" + i));
    }
    List<Entry> all = list(4096);
    for (int i = all.size() - 1; i >= 0; i--) {
      assertEquals(all.subList(i + 1, all.size()), whole(raw(all.get(i).next(), 4096)));
    }
    assertEquals(all, whole(raw(0, 4096)));
  }

  @Test
  void aNewBeginSeesWhatIsNew() throws Exception {
    assertEquals(2, list(4096).size());
    Files.createFile(bed.root.resolve("new"));
    assertEquals(3, list(4096).size());
  }

  @Test
  void cookiesThatNobodyGaveAreHarmless() throws Exception {
    Files.createFile(bed.root.resolve("file"));
    assertEquals(Errno.INVAL, bed.call("fd_readdir", Bed.ROOT, 64, 100, -1L, 512));
    for (long cookie : new long[] {1, 12_345, 1L << 40, Long.MAX_VALUE}) {
      bed.call("fd_readdir", Bed.ROOT, 64, 100, cookie, 512);
    }
    assertEquals(3, list(4096).size());
    assertEquals(Errno.NOTCAPABLE, bed.call("fd_readdir", 1, 64, 100, 0L, 512));
  }
}
