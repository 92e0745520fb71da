package io.bundlet.core.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of a log in CRI format, without what the format puts before them. */
final class LogTail {
  private static final int HEAD_FIELDS = 3;

  private LogTail() {}

  /**
   * The last of these lines.
   *
   * @param log the end of a log; its first line may be incomplete
   * @param lines how many lines at most
   * @param bytes how many bytes at most; more are cut off at the front
   */
  static String of(byte[] log, int lines, int bytes) {
    Deque<byte[]> last = new ArrayDeque<>();
    int at = 0;
    while (at < log.length) {
      int end = at;
      while (end < log.length && log[end] != '\n') {
        end++;
      }
      byte[] text = text(log, at, end);
      if (text != null) {
        last.addLast(text);
        if (last.size() > lines) {
          last.removeFirst();
        }
      }
      at = end + 1;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    last.forEach(all::writeBytes);
    byte[] joined = all.toByteArray();
    int from = Math.max(0, joined.length - bytes);
    while (from > 0 && from < joined.length && (joined[from] & 0xC0) == 0x80) {
      from++;
    }
    return new String(joined, from, joined.length - from, StandardCharsets.UTF_8);
  }

  /** The container's own text of a line {@code TIME STREAM TAG TEXT}; null if it is not such a line. */
  private static byte[] text(byte[] log, int from, int to) {
    int at = from;
    int tag = from;
    for (int field = 0; field < HEAD_FIELDS; field++) {
      tag = at;
      while (at < to && log[at] != ' ') {
        at++;
      }
      if (at == to && field < HEAD_FIELDS - 1) {
        return null;
      }
      at = Math.min(to, at + 1);
    }
    if (tag >= to || log[tag] != 'F' && log[tag] != 'P') {
      return null;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.write(log, at, to - at);
    if (log[tag] == 'F') {
      text.write('\n');
    }
    return text.toByteArray();
  }
}
