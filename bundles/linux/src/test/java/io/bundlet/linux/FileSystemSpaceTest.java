package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemSpaceTest {
  @TempDir private Path directory;

  @Test
  void saysWhatJavaSaysAndInodes() throws Exception {
    FileSystemSpace space = FileSystemSpace.of(directory);
    assertEquals(Files.getFileStore(directory).getTotalSpace(), space.bytes());
    assertTrue(space.bytesFree() > 0 && space.bytesFree() <= space.bytes(), space.toString());
    assertTrue(space.inodesFree() <= space.inodes(), space.toString());
  }

  @Test
  void whatIsNotThereCannotBeLookedAt() {
    assertThrows(LinuxFailure.class, () -> FileSystemSpace.of(directory.resolve("none")));
  }
}
