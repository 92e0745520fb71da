package io.bundlet.e2e.swap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Follows a container's logs, a file each attempt, whose lines begin with numbers, each one more than before. */
final class LogOnlooker extends Onlooker {
  private final Path logs;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private final StringBuilder half = new StringBuilder();
  private FileChannel file;
  private long number = -1;
  private int attempt;
  private boolean again;

  /** @param logs the directory of the container's logs, of which the newest is followed */
  LogOnlooker(String name, Path logs, boolean mayRestart) {
    super(name, mayRestart);
    this.logs = logs;
    while (Files.exists(log(attempt + 1))) {
      attempt++;
    }
  }

  private Path log(int which) {
    return logs.resolve(which + ".log");
  }

  @Override
  void look() throws Exception {
    if (file == null) {
      file = FileChannel.open(log(attempt));
    }
    buffer.clear();
    if (file.read(buffer) <= 0) {
      if (Files.exists(log(attempt + 1))) {
        file.close();
        file = FileChannel.open(log(++attempt));
        half.setLength(0);
        number = -1;
        again = true;
      }
      return;
    }
    half.append(StandardCharsets.UTF_8.decode(buffer.flip()));
    int end;
    while ((end = half.indexOf("\n")) >= 0) {
      line(half.substring(0, end));
      half.delete(0, end + 1);
    }
  }

  private void line(String line) {
    String[] words = line.split(" ");
    if (words.length < 4 || !words[3].matches("[0-9]+")) {
      return;
    }
    long next = Long.parseLong(words[3]);
    if (number >= 0 && next != number + 1) {
      problem(name() + " went from " + number + " to " + next);
    }
    number = next;
    if (again) {
      again = false;
      restarted();
    } else {
      beat();
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    if (file != null) {
      file.close();
    }
  }
}
