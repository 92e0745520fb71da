package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeneathTest {
  @TempDir Path directory;
  private Path volume;
  private Path outside;

  @BeforeEach
  void fill() throws IOException {
    volume = Files.createDirectories(directory.resolve("volume"));
    outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectories(volume.resolve("a/b"));
    Files.writeString(volume.resolve("a/b/file"), "content");
  }

  private String read(boolean kernel, String path) throws IOException {
    try (FileHandle root = FileHandle.directory(volume);
        FileHandle found = new Beneath(root, kernel).find(path)) {
      return Files.readString(found.path());
    }
  }

  private int errno(boolean kernel, String path) {
    return assertThrows(LinuxFailure.class, () -> read(kernel, path)).errno();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void linksAreFollowedAsLongAsTheyStayWithin(boolean kernel) throws IOException {
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("a"));
    Files.createSymbolicLink(volume.resolve("link"), Path.of("..data/b/file"));
    Files.createSymbolicLink(volume.resolve("a/b/up"), Path.of("../../link"));
    assertEquals("content", read(kernel, "a/b/file"));
    assertEquals("content", read(kernel, "a//b/./file"));
    assertEquals("content", read(kernel, "link"));
    assertEquals("content", read(kernel, "a/b/up"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingLeadsOut(boolean kernel) throws IOException {
    Files.createSymbolicLink(volume.resolve("absolute"), outside);
    Files.createSymbolicLink(volume.resolve("within"), volume.resolve("a"));
    Files.createSymbolicLink(volume.resolve("relative"), Path.of("../outside"));
    Files.createSymbolicLink(volume.resolve("a/chain"), Path.of("../relative/secret"));
    assertEquals(LinuxFailure.EXDEV, errno(kernel, "absolute/secret"));
    assertEquals(LinuxFailure.EXDEV, errno(kernel, "relative/secret"));
    assertEquals(LinuxFailure.EXDEV, errno(kernel, "a/chain"));
    assertEquals(LinuxFailure.EXDEV, errno(kernel, "a/../../outside/secret"));
    assertEquals(LinuxFailure.EXDEV, errno(kernel, outside.toString()));
    // where it would be inside a container is not known, so an absolute link is none into the volume either
    assertEquals(LinuxFailure.EXDEV, errno(kernel, "within"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsWrongIsSaid(boolean kernel) throws IOException {
    Files.createSymbolicLink(volume.resolve("round"), Path.of("round"));
    assertEquals(LinuxFailure.ELOOP, errno(kernel, "round"));
    assertEquals(LinuxFailure.ENOENT, errno(kernel, "a/none"));
    assertEquals(LinuxFailure.ENOTDIR, errno(kernel, "a/b/file/x"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void missingDirectoriesAreMadeWithTheirMode(boolean kernel) throws IOException {
    Files.createSymbolicLink(volume.resolve("link"), Path.of("a"));
    try (FileHandle root = FileHandle.directory(volume)) {
      new Beneath(root, kernel).findOrMakeDirectory("link/new/deep", 02777).close();
      new Beneath(root, kernel).findOrMakeDirectory("link/new/deep", 0700).close();
    }
    assertEquals("rwxrwxrwx",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("a/new/deep"))));
    assertEquals(02777, (Integer) Files.getAttribute(volume.resolve("a/new"), "unix:mode") & 07777);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsMadeOutside(boolean kernel) throws IOException {
    Files.createSymbolicLink(volume.resolve("out"), outside.resolve("new"));
    Files.createSymbolicLink(volume.resolve("out2"), Path.of("../outside"));
    try (FileHandle root = FileHandle.directory(volume)) {
      Beneath beneath = new Beneath(root, kernel);
      assertThrows(LinuxFailure.class, () -> beneath.findOrMakeDirectory("out", 0755));
      assertThrows(LinuxFailure.class, () -> beneath.findOrMakeDirectory("out/x", 0755));
      assertThrows(LinuxFailure.class, () -> beneath.findOrMakeDirectory("out2/x", 0755));
    }
    try (var left = Files.list(outside)) {
      assertEquals(1, left.count());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoeverExchangesPartsMeanwhileGainsNothing(boolean kernel) throws Exception {
    Path swapped = Files.createDirectory(volume.resolve("swapped"));
    Files.writeString(swapped.resolve("secret"), "mine");
    Files.createSymbolicLink(volume.resolve("evil"), outside);
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker = Thread.ofPlatform().start(() -> exchange(stop));
    int found = 0;
    int refused = 0;
    try (FileHandle root = FileHandle.directory(volume)) {
      for (int round = 0; round < 20_000 || found == 0 || refused == 0; round++) {
        try (FileHandle handle = new Beneath(root, kernel).findOrMakeDirectory("swapped/secret", 0755)) {
          if (handle.status().regular()) {
            assertEquals("mine", Files.readString(handle.path()));
          }
          found++;
        } catch (LinuxFailure failed) {
          refused++;
        }
        assertTrue(round < 2_000_000, "one side never came about: " + found + " found, " + refused + " refused");
      }
    } finally {
      stop.set(true);
      attacker.join();
    }
    try (var left = Files.list(outside)) {
      assertEquals(1, left.count());
    }
  }

  private void exchange(AtomicBoolean stop) {
    Path swapped = volume.resolve("swapped");
    Path away = volume.resolve("away");
    Path evil = volume.resolve("evil");
    try {
      while (!stop.get()) {
        Files.move(swapped, away, StandardCopyOption.ATOMIC_MOVE);
        boolean made = Files.exists(swapped, LinkOption.NOFOLLOW_LINKS);
        if (!made) {
          Files.move(evil, swapped, StandardCopyOption.ATOMIC_MOVE);
          Files.move(swapped, evil, StandardCopyOption.ATOMIC_MOVE);
        }
        Removal.tree(swapped);
        Files.move(away, swapped, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException lost) {
      // The one that makes directories was faster: begin anew.
      if (!stop.get()) {
        mend(swapped, away, evil);
        exchange(stop);
      }
    }
  }

  private void mend(Path swapped, Path away, Path evil) {
    try {
      if (Files.isSymbolicLink(swapped)) {
        Files.move(swapped, evil, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
      if (Files.exists(away, LinkOption.NOFOLLOW_LINKS)) {
        Removal.tree(swapped);
        Files.move(away, swapped, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException again) {
      mend(swapped, away, evil);
    }
  }
}
