package io.bundlet.wasmhost.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this process has of the kernel's.
 *
 * @param threads how many
 * @param descriptors how many
 * @param mappings how many; some of the JVM's own come and go
 * @param vast how many of them are as large as only guests' memories are, so that each can be told
 */
record Remains(int threads, int descriptors, int mappings, int vast) {
  private static final long VAST = 1L << 30;
  /**
   * The JVM's own: stacks that the C library keeps, arenas, parts of the metaspace where an engine makes classes. With
   * Endive there are some 50 more after 300 modules, and 84 after 10,000: they do not grow with the rounds.
   */
  private static final int OWN = 150;

  static Remains now() throws IOException {
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
    return new Remains(
        count("/proc/self/task"), count("/proc/self/fd"), maps.size(),
        (int) maps.stream().filter(line -> size(line) >= VAST).count());
  }

  private static int count(String directory) throws IOException {
    try (Stream<Path> all = Files.list(Path.of(directory))) {
      return (int) all.count();
    }
  }

  private static long size(String line) {
    int dash = line.indexOf('-');
    int blank = line.indexOf(' ');
    return Long.parseUnsignedLong(line, dash + 1, blank, 16) - Long.parseUnsignedLong(line, 0, dash, 16);
  }

  /** Whether there is more than there was before. */
  boolean exceeds(Remains before) {
    return threads > before.threads || descriptors > before.descriptors || vast > before.vast
        || mappings > before.mappings + OWN;
  }

  /** What there is once those who are about to end have ended; more than before only if it stays so for a minute. */
  static Remains atRest(Remains before) throws IOException {
    long end = System.nanoTime() + 60_000_000_000L;
    Remains now;
    do {
      System.gc();
      now = now();
    } while (now.exceeds(before) && System.nanoTime() - end < 0);
    return now;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d threads, %d descriptors, %d mappings, %d vast", threads, descriptors, mappings, vast);
  }
}
