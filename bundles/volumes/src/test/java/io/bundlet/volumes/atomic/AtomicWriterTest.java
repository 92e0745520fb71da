package io.bundlet.volumes.atomic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.volumes.fake.TestVolume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicWriterTest {
  @TempDir Path volume;

  private boolean write(Map<String, String> files) throws Exception {
    return write(files, 0644, Optional.empty());
  }

  private boolean write(Map<String, String> files, int mode, Optional<Ownership> ownership) throws Exception {
    Payload payload = new Payload();
    for (Map.Entry<String, String> entry : files.entrySet()) {
      payload.put(entry.getKey(), new PayloadFile(entry.getValue().getBytes(StandardCharsets.UTF_8), mode));
    }
    return new AtomicWriter(volume, ownership).write(payload);
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> all = Files.list(volume)) {
      return new TreeSet<>(all.map(path -> path.getFileName().toString()).toList());
    }
  }

  private String dated() throws IOException {
    return Files.readSymbolicLink(volume.resolve("..data")).toString();
  }

  @Test
  void theLayoutIsThatOfTheKubelet() throws Exception {
    assertTrue(write(Map.of("a", "1", "dir/b", "2", "dir/sub/c", "3")));
    assertTrue(dated().matches("\\.\\.\\d{4}_\\d\\d_\\d\\d_\\d\\d_\\d\\d_\\d\\d\\.\\d+"), dated());
    assertEquals(Set.of("..data", dated(), "a", "dir"), names());
    assertEquals(Path.of("..data/a"), Files.readSymbolicLink(volume.resolve("a")));
    assertEquals(Path.of("..data/dir"), Files.readSymbolicLink(volume.resolve("dir")));
    assertEquals("3", Files.readString(volume.resolve("dir/sub/c")));
    assertEquals(0755, TestVolume.mode(volume.resolve(dated())));
    assertEquals(0755, TestVolume.mode(volume.resolve("dir/sub")));
    assertEquals(0644, TestVolume.mode(volume.resolve("a")));
  }

  @Test
  void whatHasNotChangedIsNotWritten() throws Exception {
    assertTrue(write(Map.of("a", "1", "b", "2")));
    String before = dated();
    assertFalse(write(Map.of("a", "1", "b", "2")));
    assertEquals(before, dated());
    assertTrue(write(Map.of("a", "1", "b", "3")));
    assertFalse(before.equals(dated()));
    assertEquals(Set.of("..data", dated(), "a", "b"), names());
    assertEquals("3", Files.readString(volume.resolve("b")));
    assertTrue(write(Map.of("a", "1", "b", "3"), 0600, Optional.empty()), "another mode is a change");
  }

  @Test
  void whatIsNoMoreGoes() throws Exception {
    write(Map.of("a", "1", "dir/b", "2", "dir/c", "3"));
    write(Map.of("dir/b", "2"));
    assertEquals(Set.of("..data", dated(), "dir"), names());
    assertFalse(Files.exists(volume.resolve("dir/c")));
    write(Map.of("dir", "now a file"));
    assertEquals("now a file", Files.readString(volume.resolve("dir")));
    write(Map.of());
    assertEquals(Set.of("..data", dated()), names());
  }

  @Test
  void aWriterThatDiedAnywhereIsCaughtUpWith() throws Exception {
    write(Map.of("a", "1"));
    String good = dated();
    // died while filling, before the exchange, and before the links
    Files.createDirectories(volume.resolve("..2020_01_01_00_00_00.1/deep"));
    Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of("..2020_01_01_00_00_00.1"));
    Files.delete(volume.resolve("a"));
    assertFalse(write(Map.of("a", "1")));
    assertEquals(Set.of("..data", good, "a"), names());
    // the exchange was done, and the directory is not whole
    Files.delete(volume.resolve(good).resolve("a"));
    assertTrue(write(Map.of("a", "1")));
    assertEquals("1", Files.readString(volume.resolve("a")));
    // nothing at all is behind the link
    Files.delete(volume.resolve("..data"));
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("../.."));
    assertTrue(write(Map.of("a", "1")));
    assertEquals("1", Files.readString(volume.resolve("a")));
    assertEquals(Set.of("..data", dated(), "a"), names());
  }

  @Test
  void theGroupGetsEverything() throws Exception {
    assumeTrue(TestVolume.root(), "giving files away needs root");
    write(Map.of("a", "1", "dir/b", "2"), 0400, Optional.of(new Ownership(4242, true)));
    assertEquals(0440, TestVolume.mode(volume.resolve("a")));
    assertEquals(4242, TestVolume.owner(volume.resolve("..data/a"), "gid"));
    assertEquals(4242, TestVolume.owner(volume.resolve("a"), "gid"), "the link, too");
    assertEquals(02775, TestVolume.mode(volume.resolve("dir")) | 0020);
    assertEquals(02755, TestVolume.mode(volume.resolve("dir")));
    assertFalse(write(Map.of("a", "1", "dir/b", "2"), 0400, Optional.of(new Ownership(4242, true))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/abs", "../up", "a/../b", "..data", "..x/y", "a\0b", ".", "//"})
  void pathsThatLeadAstrayAreRefused(String path) {
    assertThrows(PayloadProblem.class, () -> new Payload().put(path, new PayloadFile(new byte[0], 0644)));
  }

  @Test
  void pathsHaveBounds() throws Exception {
    Payload payload = new Payload();
    PayloadFile empty = new PayloadFile(new byte[0], 0644);
    payload.put("x".repeat(255), empty);
    assertThrows(PayloadProblem.class, () -> payload.put("x".repeat(256), empty));
    assertThrows(PayloadProblem.class, () -> payload.put("ü".repeat(128), empty));
    assertThrows(PayloadProblem.class, () -> payload.put("abc/".repeat(1025) + "d", empty));
    payload.put("a..b", empty);
    payload.put("dir/..hidden", empty);
    assertThrows(PayloadProblem.class, () -> payload.put("dir", empty));
    assertThrows(PayloadProblem.class, () -> payload.put("a..b/c", empty));
  }

  @Test
  void sizesHaveBounds() throws Exception {
    Payload payload = new Payload();
    PayloadFile big = new PayloadFile(new byte[8 << 20], 0644);
    for (int i = 0; i < 4; i++) {
      payload.put("f" + i, big);
      payload.put("f" + i, big);
    }
    assertThrows(PayloadProblem.class, () -> payload.put("f4", new PayloadFile(new byte[1], 0644)));
    Payload many = new Payload();
    for (int i = 0; i < Payload.MOST_FILES; i++) {
      many.put("f" + i, new PayloadFile(new byte[0], 0644));
    }
    assertThrows(PayloadProblem.class, () -> many.put("one more", new PayloadFile(new byte[0], 0644)));
  }

  @Test
  void aReaderSeesOldOrNewAndNothingBetween() throws Exception {
    String[] versions = {"a".repeat(40_000), "b".repeat(50_000)};
    write(Map.of("one", versions[0], "two", versions[0]));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<String> wrong = new AtomicReference<>("");
    Thread reader =
        Thread.ofPlatform().start(
            () -> {
              while (!stop.get()) {
                String read;
                try {
                  read = Files.readString(volume.resolve("one"));
                } catch (IOException exchanged) {
                  // the directory from before was removed between two steps of the kernel: a reader opens again
                  continue;
                }
                if (!read.equals(versions[0]) && !read.equals(versions[1])) {
                  wrong.set("torn: " + read.length());
                }
              }
            });
    for (int round = 1; round <= 300; round++) {
      String version = versions[round % 2];
      write(Map.of("one", version, "two", version));
      Path now = volume.resolve(dated());
      assertEquals(Files.readString(now.resolve("one")), Files.readString(now.resolve("two")));
    }
    stop.set(true);
    reader.join();
    assertEquals("", wrong.get());
    assertTrue(Files.isSymbolicLink(volume.resolve("one")));
    assertFalse(Files.exists(volume.resolve("..data_tmp"), LinkOption.NOFOLLOW_LINKS));
  }
}
