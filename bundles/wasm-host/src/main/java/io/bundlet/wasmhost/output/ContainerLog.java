package io.bundlet.wasmhost.output;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container's log file. {@link #add} may be called from any thread; the file belongs to the pump. */
final class ContainerLog {
  private static final int LINES_AT_ONCE = 256;
  private static final int BYTES_AT_ONCE = 64 << 10;
  private static final Logger LOG = LoggerFactory.getLogger(ContainerLog.class);
  private static final int WAITING_LINES = 256;
  private static final long PATIENCE_MILLIS = 100;

  private record Line(String stream, String text) {}

  private final Path path;
  // Not a channel: an interrupt of whoever writes would close a channel for everybody.
  private FileOutputStream file;
  private final CriLines stdout;
  private final CriLines stderr;
  private final Deque<Line> waiting = new ArrayDeque<>();
  private long dropped;
  /** Bytes of the guest's among the last that were written. */
  private int taken;
  private boolean broken;
  // Whether the file may end within a line, because the disk was full there.
  private boolean torn;

  /** Opens the file for appending, and makes the directories above it. */
  ContainerLog(Path path, Clock clock) throws IOException {
    this.path = path;
    Files.createDirectories(path.getParent());
    this.file = new FileOutputStream(path.toFile(), true);
    this.stdout = new CriLines("stdout", clock);
    this.stderr = new CriLines("stderr", clock);
  }

  /**
   * Notes a line for the pump. Waits a moment when too many wait already, then drops it and counts.
   *
   * @return whether the pump has to be told
   */
  boolean add(String stream, String text) {
    Line line = new Line(stream, harmless(text));
    synchronized (waiting) {
      long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
      while (waiting.size() >= WAITING_LINES) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          dropped++;
          return false;
        }
        try {
          waiting.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          dropped++;
          return false;
        }
      }
      waiting.add(line);
      return true;
    }
  }

  /**
   * On the pump: writes lines that wait, but not so many that the other guests' output has to wait long.
   *
   * @return whether there may be more
   */
  boolean writeWaiting(ByteArrayOutputStream scratch) {
    scratch.reset();
    taken = 0;
    boolean more = true;
    for (int i = 0; i < LINES_AT_ONCE && scratch.size() < BYTES_AT_ONCE; i++) {
      Line line;
      long lost;
      synchronized (waiting) {
        line = waiting.poll();
        lost = line == null ? dropped : 0;
        dropped -= lost;
        waiting.notifyAll();
      }
      if (lost > 0) {
        line = new Line("stderr", lost + " lines were dropped: they came faster than they could be written");
      }
      if (line == null) {
        more = false;
        break;
      }
      byte[] bytes = (line.text + "\n").getBytes(StandardCharsets.UTF_8);
      taken += bytes.length;
      lines(line.stream).add(bytes, 0, bytes.length, scratch);
    }
    flush(scratch);
    return more;
  }

  /** On the pump: how many of the guest's own bytes the last write had. */
  int taken() {
    return taken;
  }

  /** On the pump: takes what the guest wrote. */
  void write(String stream, byte[] bytes, int count, ByteArrayOutputStream scratch) {
    scratch.reset();
    taken = count;
    lines(stream).add(bytes, 0, count, scratch);
    flush(scratch);
  }

  /** On the pump: writes the last lines and closes the file. */
  void finish(ByteArrayOutputStream scratch) {
    scratch.reset();
    stdout.finish(scratch);
    stderr.finish(scratch);
    flush(scratch);
    boolean more = true;
    // The guest has ended: what waits is bounded.
    while (more) {
      more = writeWaiting(scratch);
    }
    close();
  }

  /**
   * On the pump: the file was renamed, so it begins a new one under its name. Only whole lines are ever given to a
   * file, so none is torn by that.
   *
   * @throws IOException when there can be no new file; the old one is written on then
   */
  void reopen() throws IOException {
    Files.createDirectories(path.getParent());
    FileOutputStream next = new FileOutputStream(path.toFile(), true);
    close();
    file = next;
    torn = false;
  }

  void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("{}: the log could not be closed: {}", path, e.getMessage());
    }
  }

  private CriLines lines(String stream) {
    return stream.equals("stderr") ? stderr : stdout;
  }

  private void flush(ByteArrayOutputStream scratch) {
    if (scratch.size() == 0) {
      return;
    }
    try {
      if (torn) {
        file.write('\n');
        torn = false;
      }
      scratch.writeTo(file);
      broken = false;
    } catch (IOException | UncheckedIOException e) {
      // The guest goes on; a log on a full disk has a gap.
      if (!broken) {
        LOG.warn("{}: output is lost, the log cannot be written: {}", path, e.getMessage());
      }
      broken = true;
      torn = true;
    }
  }

  private static String harmless(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c != '\t' && c != '\n' && Character.isISOControl(c) ? '?' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
