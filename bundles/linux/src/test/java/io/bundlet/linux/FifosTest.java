package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
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

  @Test
  void whatIsWrittenIsReadAndNobodyWaits() throws Exception {
    Path path = directory.resolve("fifo");
    Fifos.make(path);
    String nonce = UUID.randomUUID().toString();
    int fd = Fifos.openForReading(path);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(100);
      try (FileOutputStream out = new FileOutputStream(path.toFile())) {
        assertEquals(Fifos.NOTHING_NOW, Fifos.read(fd, into));
        out.write(nonce.getBytes(StandardCharsets.UTF_8));
        assertEquals(nonce.length(), Fifos.read(fd, into));
        assertEquals(nonce, new String(
            into.asSlice(0, nonce.length()).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
      }
      assertEquals(0, Fifos.read(fd, into), "all writers have gone");
      Fifos.close(fd);
    }
  }
}
