package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
  @TempDir Path directory;

  @Test
  void whatLinksLeadToStays() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("file"), "x");
    Path tree = Files.createDirectories(directory.resolve("tree/a/b"));
    Files.createSymbolicLink(tree.resolve("out"), outside);
    Files.createSymbolicLink(tree.resolve("file"), outside.resolve("file"));
    Files.writeString(tree.resolve("own"), "x");
    Removal.tree(directory.resolve("tree"));
    Removal.tree(directory.resolve("tree"));
    assertFalse(Files.exists(directory.resolve("tree")));
    assertTrue(Files.exists(outside.resolve("file")));
  }

  @Test
  void aLinkInTheTreesPlaceIsALink() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside/below"));
    Path link = Files.createSymbolicLink(directory.resolve("tree"), outside.getParent());
    Removal.tree(link);
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(outside));
  }

  @Test
  void treesThatAreDeeperThanAnyPathGo() throws IOException {
    Path root = Files.createDirectory(directory.resolve("tree"));
    FileHandle at = FileHandle.directory(root);
    for (int depth = 0; depth < 1500; depth++) {
      FileHandle next = at.makeDirectory("directory", 0700);
      at.close();
      at = next;
    }
    at.close();
    Removal.tree(root);
    assertFalse(Files.exists(root));
  }

  @Test
  void whatIsMountedIsNotGoneInto() throws IOException {
    assumeTrue(root(), "mounting needs root");
    Path at = Files.createDirectories(directory.resolve("tree/mounted here"));
    Mounts.memory(at, 1 << 20, 0755, 0);
    try {
      Files.writeString(at.resolve("file"), "x");
      assertThrows(IOException.class, () -> Removal.tree(directory.resolve("tree")));
      assertTrue(Files.exists(at.resolve("file")));
    } finally {
      Mounts.unmountAll(directory.resolve("tree"));
    }
    Removal.tree(directory.resolve("tree"));
    assertFalse(Files.exists(at));
  }

  @Test
  void aBindMountShowsWhatIsHeldWhateverBecomesOfItsName() throws IOException {
    assumeTrue(root(), "mounting needs root");
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Files.writeString(volume.resolve("file"), "good");
    Path at = Files.createFile(directory.resolve("at"));
    try (FileHandle root = FileHandle.directory(volume);
        FileHandle file = new Beneath(root).find("file")) {
      Files.delete(volume.resolve("file"));
      Files.writeString(volume.resolve("file"), "other");
      // what has no name any more cannot be mounted
      assertThrows(LinuxFailure.class, () -> Mounts.bind(file, at, true));
    }
    try (FileHandle root = FileHandle.directory(volume);
        FileHandle file = new Beneath(root).find("file")) {
      Files.move(volume.resolve("file"), volume.resolve("moved"));
      Files.writeString(volume.resolve("file"), "evil");
      Mounts.bind(file, at, true);
      assertEquals("other", Files.readString(at));
      assertTrue(Mounts.mountedAt(at));
      assertThrows(IOException.class, () -> Files.writeString(at, "written"));
      assertTrue(Mounts.unmount(at));
      assertFalse(Mounts.unmount(at));
      assertFalse(Mounts.mountedAt(at));
    }
  }

  private static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
