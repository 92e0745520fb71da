package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FifosTest {
  private static final int TYPE = 0170000;
  private static final int FIFO = 0010000;

  @TempDir Path directory;

  @Test
  void oneThatOnlyItsOwnerMayUseIsMadeOnce() throws Exception {
    Path path = directory.resolve("fifo");
    Fifos.make(path);
    assertEquals(FIFO, (int) Files.getAttribute(path, "unix:mode") & TYPE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    LinuxFailure again = assertThrows(LinuxFailure.class, () -> Fifos.make(path));
    assertEquals(LinuxFailure.EEXIST, again.errno());
    assertTrue(again.getMessage().startsWith("mkfifo " + path + ": "), again.getMessage());
  }
}
