package io.bundlet.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Follows one log file in the form of the Container Runtime Interface: {@code time stream F|P text}, where the text of
 * a line tagged P goes on in the next line. Once open, the file is read to its end even when it is deleted meanwhile;
 * when it was rotated away, the new one of its name comes after it.
 */
final class CriLog implements AutoCloseable {
  /** A text longer than this is printed in pieces. */
  static final int MAX_TEXT = 64 * 1024;

  private static final int CHUNK = 16 * 1024;
  /** So that a container that floods its log does not keep the others from being shown. */
  private static final int CHUNKS_AT_ONCE = 64;
  private static final int QUIET = 3;

  private final Path file;
  private final Consumer<String> lines;
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
  private final StringBuilder text = new StringBuilder();
  private FileChannel channel;
  /** What the open file is on its file system: its name is another's after a rotation. */
  private Object key;
  private int quiet;

  CriLog(Path file, Consumer<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  Path file() {
    return file;
  }

  /** Prints what is new; true when there was something. */
  boolean poll() throws IOException {
    if (channel == null) {
      try {
        key = keyOf(file);
        channel = FileChannel.open(file);
        if (!Objects.equals(key, keyOf(file))) {
          // Exchanged just then: it is not known which one was opened.
          channel.close();
          channel = null;
          return true;
        }
      } catch (NoSuchFileException e) {
        // The container makes it when it has something to say.
        return false;
      }
    }
    boolean more = false;
    for (int i = 0; i < CHUNKS_AT_ONCE; i++) {
      buffer.clear();
      int read = channel.read(buffer);
      if (read <= 0) {
        break;
      }
      more = true;
      take(buffer.array(), read);
    }
    // A runtime writes its last lines into a renamed file while it makes the new one.
    quiet = more ? 0 : quiet + 1;
    return more || quiet >= QUIET && rotated();
  }

  /** Goes on to the new file if there is one. */
  private boolean rotated() throws IOException {
    quiet = 0;
    try {
      Object now = keyOf(file);
      if (now == null || now.equals(key)) {
        return false;
      }
      channel.close();
      channel = null;
      return true;
    } catch (NoSuchFileException between) {
      return false;
    }
  }

  private static Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private void take(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        line(raw.toString(StandardCharsets.UTF_8));
        raw.reset();
      } else if (raw.size() < 2 * MAX_TEXT) {
        raw.write(bytes[i]);
      }
    }
  }

  private void line(String line) {
    int stream = line.indexOf(' ');
    int tag = stream < 0 ? -1 : line.indexOf(' ', stream + 1);
    int content = tag < 0 ? -1 : line.indexOf(' ', tag + 1);
    if (content < 0) {
      if (tag >= 0 && line.substring(tag + 1).equals("F")) {
        emit();
      } else if (!line.isBlank()) {
        // Not in the form: better shown as it is than lost.
        text.append(line);
        emit();
      }
      return;
    }
    boolean partial = line.substring(tag + 1, content).startsWith("P");
    text.append(line, content + 1, line.length());
    if (!partial || text.length() >= MAX_TEXT) {
      emit();
    }
  }

  private void emit() {
    lines.accept(text.toString());
    text.setLength(0);
  }

  /** Reads to the end and prints what has no end of line yet. */
  void finish() throws IOException {
    while (poll() || channel != null && rotated()) {
      continue;
    }
    if (raw.size() > 0) {
      line(raw.toString(StandardCharsets.UTF_8));
      raw.reset();
    }
    if (!text.isEmpty()) {
      emit();
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
