package io.bundlet.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriLogTest {
  private static final String HEAD = "2026-11-23T02:38:01.751014150Z stdout F ";

  @TempDir Path directory;
  private final List<String> shown = new ArrayList<>();

  private void write(Path file, String text) throws Exception {
    Files.writeString(file, HEAD + text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void poll(CriLog log) throws Exception {
    for (int i = 0; i < 10; i++) {
      log.poll();
    }
  }

  @Test
  void afterARotationTheRestOfTheOldFileComesAndThenTheNewOne() throws Exception {
    Path file = directory.resolve("0.log");
    Path renamed = directory.resolve("0.log.20261123-000000");
    try (CriLog log = new CriLog(file, shown::add)) {
      poll(log);
      write(file, "one");
      poll(log);
      Files.move(file, renamed);
      poll(log);
      write(renamed, "two");
      write(file, "three");
      poll(log);
      write(file, "four");
      Files.move(file, directory.resolve("0.log.20261123-000001"));
      write(file, "five");
      log.finish();
    }
    assertEquals(List.of("one", "two", "three", "four", "five"), shown);
  }
}
