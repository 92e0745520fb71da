package io.bundlet.e2e.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process has of the kernel beside memory.
 *
 * @param threads its threads
 * @param descriptors its open descriptors
 * @param mappings the lines of its map of memory
 */
public record Holdings(long threads, long descriptors, long mappings) {
  /** How it is now. */
  public static Holdings of(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    try (Stream<String> maps = Files.lines(proc.resolve("maps"))) {
      return new Holdings(entries(proc.resolve("task")), entries(proc.resolve("fd")), maps.count());
    }
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  @Override
  public String toString() {
    return threads + " threads, " + descriptors + " descriptors, " + mappings + " mappings";
  }
}
