package io.bundlet.core.log;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The lines of one file of a log, from a place on. A file that grows may be read on after its end. */
final class LogInput implements Closeable {
  /** Longer lines are given in parts. */
  static final int LONGEST = 1 << 20;

  private static final int FIRST_BUFFER = 32 << 10;

  // Times have nanoseconds: the first line's is that of no other file.
  private static final int IDENTITY = 96;

  private final InputStream in;
  /** Null for a compressed one. */
  private final RandomAccessFile file;
  /** What the file is on its file system, to find it again under another name; null for a compressed one. */
  private final Object key;
  private byte[] buffer = new byte[FIRST_BUFFER];
  private int from;
  private int to;
  private int searched;
  // The head of a line of which a part was given already; empty in garbage.
  private Optional<LogLine> begun = Optional.empty();
  private boolean within;

  private LogInput(InputStream in, RandomAccessFile file, Object key) {
    this.in = in;
    this.file = file;
    this.key = key;
  }

  /** A file that may still be written. Empty when it is not there, or is exchanged at this very moment. */
  static Optional<LogInput> growing(Path path, TailStart tail) throws IOException {
    Object before = key(path).orElse(null);
    if (before == null) {
      return Optional.empty();
    }
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(path.toFile(), "r");
    } catch (java.io.FileNotFoundException e) {
      if (key(path).isEmpty()) {
        return Optional.empty();
      }
      throw e;
    }
    if (!before.equals(key(path).orElse(null))) {
      file.close();
      return Optional.empty();
    }
    try {
      file.seek(tail.of(file));
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return Optional.of(new LogInput(stream(file), file, before));
  }

  /** A file that was rotated away and compressed. */
  static LogInput compressed(Path path) throws IOException {
    InputStream file = new FileInputStream(path.toFile());
    try {
      return new LogInput(new GZIPInputStream(file, FIRST_BUFFER), null, null);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What a file is on its file system; empty when there is none. */
  static Optional<Object> key(Path path) throws IOException {
    try {
      return Optional.ofNullable(
          Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey());
    } catch (java.nio.file.NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /** Whether a compressed file, of which nothing was read yet, has the same content as this one, by its first line. */
  boolean beginsAs(LogInput growing) throws IOException {
    byte[] other = new byte[IDENTITY];
    long place = growing.file.getFilePointer();
    growing.file.seek(0);
    int count = Math.max(0, growing.file.read(other));
    growing.file.seek(place);
    return Arrays.equals(in.readNBytes(count), Arrays.copyOf(other, count));
  }

  // Not a channel: an interrupt of the reader would close it, and what was read but not given would be lost with it.
  private static InputStream stream(RandomAccessFile file) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return file.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return file.read(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  boolean is(Object other) {
    return key != null && key.equals(other);
  }

  /** The next line; empty at the end of what is there now. Lines that are none are left out. */
  Optional<LogLine> next() throws IOException {
    while (true) {
      int end = endOfLine();
      if (end >= 0) {
        Optional<LogLine> line = take(end, end + 1, false);
        if (line.isPresent()) {
          return line;
        }
      } else if (to - from >= LONGEST) {
        Optional<LogLine> line = take(to, to, true);
        if (line.isPresent()) {
          return line;
        }
      } else if (!fill()) {
        return Optional.empty();
      }
    }
  }

  /** A last line without an end, when nothing more can come. */
  Optional<LogLine> rest() {
    return to > from || within ? take(to, to, false) : Optional.empty();
  }

  private Optional<LogLine> take(int end, int next, boolean further) {
    byte[] text = within ? Arrays.copyOfRange(buffer, from, end) : new byte[0];
    Optional<LogLine> line = within ? begun.map(head -> head.with(text)) : LogLine.parse(buffer, from, end);
    begun = line.map(head -> head.with(new byte[0]));
    within = further;
    from = next;
    searched = next;
    return further ? line.map(LogLine::unfinished) : line;
  }

  private int endOfLine() {
    for (int i = searched; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    searched = to;
    return -1;
  }

  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      searched -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(LONGEST, buffer.length * 2));
    }
    int count = in.read(buffer, to, buffer.length - to);
    to += Math.max(0, count);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
