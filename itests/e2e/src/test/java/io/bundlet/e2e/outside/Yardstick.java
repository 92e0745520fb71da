package io.bundlet.e2e.outside;

import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A shell in a session of its own that notes the time every 50 ms: it has nothing to do with any node, so when it
 * pauses, the whole machine was busy with something else. Needs {@code setsid} and {@code bash}.
 */
public final class Yardstick implements AutoCloseable {
  private static final String SCRIPT =
      "exec 9<> <(:); while read -t 0.05 -u 9; [ $? -gt 128 ]; do echo ${EPOCHREALTIME/[.,]/}; done";

  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final Path notes;
  private final Process process;

  /** @param notes the file for its notes, made anew */
  public Yardstick(Path notes) throws IOException {
    this.notes = notes;
    this.process = new ProcessBuilder("setsid", "bash", "-c", SCRIPT)
        .redirectOutput(notes.toFile()).redirectErrorStream(true).start();
  }

  /**
   * Its longest pause between two times of the wall clock in milliseconds, beyond the usual 50. Waits for its first
   * note after them: it may be pausing now.
   */
  public long pauseBetween(Instant from, Instant to) {
    long begin = from.toEpochMilli() * 1000;
    long end = to.toEpochMilli() * 1000;
    long[] all = Eventually.value("the yardstick notes the time; it needs setsid and bash", LIMIT,
        () -> Optional.of(times()).filter(times -> times.length > 0 && times[times.length - 1] >= end));
    long longest = IntStream.range(1, all.length).filter(i -> all[i] > begin && all[i - 1] < end)
        .mapToLong(i -> all[i] - all[i - 1]).max().orElse(0);
    return Math.max(0, longest / 1000 - 50);
  }

  private long[] times() throws IOException {
    return Files.readAllLines(notes).stream().filter(line -> line.matches("[0-9]{16}")).mapToLong(Long::parseLong)
        .toArray();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
