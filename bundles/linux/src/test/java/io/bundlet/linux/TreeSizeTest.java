package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeSizeTest {
  private static final TreeSize.Bounds SMALL = new TreeSize.Bounds(5, 20, 3);

  @TempDir Path directory;

  @Test
  void filesWithSeveralNamesCountOnceAndLinksAreNotFollowed() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree/a/b"));
    Path file = Files.write(tree.resolve("file"), new byte[1 << 20]);
    Files.createLink(tree.resolve("again"), file);
    Files.createSymbolicLink(tree.resolve("out"), Path.of("/usr"));
    Files.createSymbolicLink(tree.resolve("loop"), tree);
    TreeSize size = TreeSize.of(directory.resolve("tree"));
    assertEquals(6, size.inodes());
    assertTrue(size.bytes() >= 1 << 20 && size.bytes() < 3 << 19, size.toString());
  }

  @Test
  void whatIsNestedTooDeeplyIsNotMeasured() throws IOException {
    Files.createDirectories(directory.resolve("1/2/3/4/5"));
    assertEquals(6, TreeSize.of(directory, SMALL).inodes());
    Files.createDirectory(directory.resolve("1/2/3/4/5/6"));
    assertThrows(TreeSize.Unmeasurable.class, () -> TreeSize.of(directory, SMALL));
  }

  @Test
  void whatHoldsTooMuchIsNotMeasured() throws IOException {
    for (int i = 1; i < 20; i++) {
      Files.createFile(directory.resolve("file-" + i));
    }
    assertEquals(20, TreeSize.of(directory, SMALL).inodes());
    Files.createFile(directory.resolve("one-more"));
    assertThrows(TreeSize.Unmeasurable.class, () -> TreeSize.of(directory, SMALL));
  }

  @Test
  void filesOfManyNamesAreRememberedUpToABound() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path file = Files.createFile(directory.resolve("file-" + i));
      Files.createLink(directory.resolve("link-" + i), file);
    }
    assertThrows(TreeSize.Unmeasurable.class, () -> TreeSize.of(directory, SMALL));
  }

  @Test
  void namesThatAreNoTextHideNothing() throws Exception {
    String script = "head -c 100000 /dev/zero > \"$1/$(printf 'a\\377b\\303\\050')\"";
    Process made = new ProcessBuilder("sh", "-c", script, "sh", directory.toString()).inheritIO().start();
    assertEquals(0, made.waitFor());
    TreeSize size = TreeSize.of(directory);
    assertEquals(2, size.inodes());
    assertTrue(size.bytes() >= 100_000, size.toString());
  }

  @Test
  void filesThatComeAndGoMeanwhileAreNoFailure() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    AtomicBoolean ended = new AtomicBoolean();
    Thread busy =
        Thread.ofPlatform().start(
            () -> {
              try {
                while (!ended.get()) {
                  Path below = Files.createDirectories(tree.resolve("a/b"));
                  Files.createFile(below.resolve("file"));
                  Removal.tree(tree.resolve("a"));
                }
              } catch (IOException failed) {
                throw new AssertionError(failed);
              }
            });
    try {
      for (int i = 0; i < 500; i++) {
        TreeSize size = TreeSize.of(tree);
        assertTrue(size.inodes() >= 1 && size.inodes() <= 4, size.toString());
      }
    } finally {
      ended.set(true);
      busy.join();
    }
  }

  @Test
  void anInterruptEndsTheWalkAndWhatIsNotThereIsSaid() {
    assertThrows(IOException.class, () -> TreeSize.of(directory.resolve("absent")));
    Thread.currentThread().interrupt();
    try {
      assertThrows(IOException.class, () -> TreeSize.of(directory));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
