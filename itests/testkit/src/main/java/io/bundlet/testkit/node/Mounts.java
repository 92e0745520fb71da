package io.bundlet.testkit.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What is mounted below a directory. */
public final class Mounts {
  private Mounts() {}

  /** The places, those below others first. */
  public static List<String> below(Path directory) throws IOException {
    String prefix = directory.toRealPath() + "/";
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().map(line -> line.split(" ")[4])
        .filter(place -> place.startsWith(prefix)).sorted(Comparator.reverseOrder()).toList();
  }

  /** Takes away what a node that was killed has left mounted. */
  public static void remove(Path directory) throws IOException {
    for (String place : below(directory)) {
      try {
        new ProcessBuilder("umount", "-l", place).inheritIO().start().waitFor();
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
