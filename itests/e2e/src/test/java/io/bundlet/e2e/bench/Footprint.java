package io.bundlet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a process holds and has used, by the kernel.
 *
 * @param rss resident bytes
 * @param pss resident bytes, those that it shares divided by the number of sharers
 * @param cpuSeconds of all its threads, in user and kernel
 */
public record Footprint(long rss, long pss, double cpuSeconds) {
  /** The kernel counts in these for every program, whatever its own ticks are. */
  private static final double TICKS_A_SECOND = 100;

  /** How it is now. */
  public static Footprint of(long pid) throws IOException {
    return new Footprint(bytes(pid, "Rss:"), bytes(pid, "Pss:"), cpuSeconds(pid));
  }

  /** Seconds that all its threads have used until now. */
  public static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  private static long bytes(long pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream().filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) << 10).sum();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "RSS %d MiB, PSS %d MiB", rss >> 20, pss >> 20);
  }
}
