package io.bundlet.e2e.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A shell in a session of its own that notes the time every 50 ms: it has nothing to do with any node, so when it
 * pauses, the whole machine was busy with something else. Needs {@code setsid} and {@code bash}.
 */
public final class Yardstick implements AutoCloseable {
  private static final String SCRIPT =
      "exec 9<> <(:); while read -t 0.05 -u 9; [ $? -gt 128 ]; do echo ${EPOCHREALTIME/[.,]/}; done";

  private final Path notes;
  private final Process process;

  /** @param notes the file for its notes, made anew */
  public Yardstick(Path notes) throws IOException {
    this.notes = notes;
    this.process = new ProcessBuilder("setsid", "bash", "-c", SCRIPT)
        .redirectOutput(notes.toFile()).redirectErrorStream(true).start();
  }

  /** Its longest pause between two times of the wall clock in milliseconds, beyond the usual 50. */
  public long pauseBetween(java.time.Instant from, java.time.Instant to) throws IOException {
    long begin = from.toEpochMilli() * 1000;
    long end = to.toEpochMilli() * 1000;
    long longest = 0;
    long before = 0;
    int seen = 0;
    for (String line : Files.readAllLines(notes)) {
      if (!line.matches("[0-9]{16}")) {
        continue;
      }
      long at = Long.parseLong(line);
      if (before != 0 && at > begin && before < end) {
        longest = Math.max(longest, at - before);
        seen++;
      }
      before = at;
    }
    if (seen == 0) {
      throw new IOException("the yardstick noted nothing; it needs setsid and bash");
    }
    return Math.max(0, longest / 1000 - 50);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
