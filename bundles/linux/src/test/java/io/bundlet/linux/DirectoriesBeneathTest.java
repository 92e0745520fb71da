package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories by paths of bytes, with the kernel's help and without: the same either way. */
class DirectoriesBeneathTest {
  @TempDir
  Path directory;

  private static byte[] bytes(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }

  private static long open() throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pathsLeadToTheSameDirectories(boolean byKernel) throws Exception {
    Path root = Files.createDirectories(directory.resolve("root"));
    Path deep = Files.createDirectories(root.resolve("a/b"));
    Files.createDirectory(directory.resolve("outside"));
    Files.createFile(root.resolve("file"));
    Files.createSymbolicLink(root.resolve("a/again"), Path.of("../a/./b"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("a/../../outside"));
    Files.createSymbolicLink(root.resolve("absolute"), deep);
    Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
    long before = open();
    try (SystemCalls calls = new SystemCalls()) {
      int held = calls.open(SystemCalls.HERE, bytes(root.toString()), SystemCalls.DIRECTORY, 0);
      DirectoriesBeneath directories = new DirectoriesBeneath(calls, byKernel);
      for (String path : new String[] {"a/b", "a//b/", "./a/b/.", "a/b/../b", "a/again", "a/again/../again/"}) {
        int fd = directories.open(held, bytes(path));
        assertTrue(fd >= 0, path + ": " + fd);
        assertEquals(0, calls.status(fd));
        assertEquals(((Number) Files.getAttribute(deep, "unix:ino")).longValue(), calls.details().inode(), path);
        assertEquals(((Number) Files.getAttribute(deep, "unix:dev")).longValue(), calls.details().device(), path);
        calls.close(fd);
      }
      for (String path : new String[] {"..", "a/../..", "out", "absolute", "out/x", "a/b/../../../root"}) {
        assertEquals(-LinuxFailure.EXDEV, directories.open(held, bytes(path)), path);
      }
      assertEquals(-LinuxFailure.ENOENT, directories.open(held, bytes("a/absent/b")));
      assertEquals(-LinuxFailure.ENOTDIR, directories.open(held, bytes("file")));
      assertEquals(-LinuxFailure.ENOTDIR, directories.open(held, bytes("file/x")));
      assertEquals(-LinuxFailure.ELOOP, directories.open(held, bytes("circle/x")));
      calls.close(held);
    }
    assertEquals(before, open());
  }
}
