package io.bundlet.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
  @TempDir Path directory;

  @Test
  void namesAreReadStrictlyAndOrderedByAttemptAndStamp() throws Exception {
    for (String name : List.of(
        "10.log", "2.log", "2.log.20260102-000000", "2.log.20260101-000000.gz", "2.log.20260102-000000.gz",
        "2.log.20260103-000000.tmp", "2.log.1", "x.log", "2.log.20260101-000000.gz.gz", "99999999999.log")) {
      Files.createFile(directory.resolve(name));
    }
    LogFiles files = new LogFiles(directory);
    assertEquals(List.of(2, 10), files.attempts());
    // Of a file and its copy the file.
    assertEquals(
        List.of("2.log.20260101-000000.gz", "2.log.20260102-000000"),
        files.rotated(2).stream().map(file -> file.path().getFileName().toString()).toList());
    assertEquals("20260102-000000", files.lastStamp(2));
    assertEquals("", files.lastStamp(10));
    assertEquals(Optional.of(2), files.before(10));
    assertEquals(Optional.empty(), files.before(2));
    assertEquals(List.of(), new LogFiles(directory.resolve("absent")).all());
    assertEquals(OptionalInt.of(7), LogFiles.attempt("/x/7.log"));
    assertEquals(OptionalInt.empty(), LogFiles.attempt(""));
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LogSettings(0, 5, Duration.ofSeconds(10)));
    assertThrows(IllegalArgumentException.class, () -> new LogSettings(1, 1, Duration.ofSeconds(10)));
    assertThrows(IllegalArgumentException.class, () -> new LogSettings(1, 5, Duration.ofMillis(10)));
  }
}
