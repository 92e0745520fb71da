package io.bundlet.e2e.swap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Follows a log whose lines begin with numbers, each one more than the number before. */
final class LogOnlooker extends Onlooker {
  private final Path log;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private final StringBuilder half = new StringBuilder();
  private FileChannel file;
  private long number = -1;

  LogOnlooker(String name, Path log) {
    super(name);
    this.log = log;
  }

  @Override
  void look() throws Exception {
    if (file == null) {
      file = FileChannel.open(log);
    }
    buffer.clear();
    if (file.read(buffer) <= 0) {
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
    beat();
  }

  @Override
  public void close() throws IOException {
    super.close();
    if (file != null) {
      file.close();
    }
  }
}
