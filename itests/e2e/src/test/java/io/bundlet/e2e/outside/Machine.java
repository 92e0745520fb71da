package io.bundlet.e2e.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What the machine has, and how busy it was for others: what has to be known to judge a measured pause. */
public record Machine(long steal, long total) {
  public static Machine now() throws IOException {
    String[] cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
    long total = 0;
    for (int i = 1; i <= 8; i++) {
      total += Long.parseLong(cpu[i]);
    }
    return new Machine(Long.parseLong(cpu[8]), total);
  }

  /** Whether a program is installed. */
  public static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  /** Since an earlier look. */
  public String since(Machine earlier) throws IOException {
    double percent = 100.0 * (steal - earlier.steal) / Math.max(1, total - earlier.total);
    return String.format(
        Locale.ROOT, "steal %.1f %% load %s", percent, Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }
}
