package io.bundlet.core.log;

import io.bundlet.api.admin.LogQuery;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Optional;

/**
 * Finds where the last lines of a file begin, going backwards from its end.
 *
 * @param lines how many; {@link LogQuery#ALL} for all
 * @param stream whose; empty: of both
 */
record TailStart(long lines, String stream) {
  /** The whole file. */
  static final TailStart WHOLE = new TailStart(LogQuery.ALL, "");

  private static final int BLOCK = 64 << 10;

  /** The place in the file; what is written while it is looked for comes after it. */
  long of(RandomAccessFile file) throws IOException {
    if (lines == LogQuery.ALL) {
      return 0;
    }
    // A block, and after it enough of the one behind it for a line's head.
    byte[] bytes = new byte[BLOCK + LogLine.LONGEST_HEAD];
    long found = 0;
    boolean last = true;
    long end = file.length();
    long lineEnd = -1;
    long blockEnd = end;
    while (blockEnd > 0) {
      long start = Math.max(0, blockEnd - BLOCK);
      int length = (int) Math.min(bytes.length, end - start);
      file.seek(start);
      file.readFully(bytes, 0, length);
      // Before the first line of the file there is no end of another one.
      for (int i = (int) (blockEnd - start) - 1; i >= (start == 0 ? -1 : 0); i--) {
        if (i >= 0 && bytes[i] != '\n') {
          continue;
        }
        // From here to lineEnd is one line; behind the last end of line is none yet.
        Optional<LogLine> line =
            lineEnd < 0 ? Optional.empty() : head(bytes, i + 1, (int) Math.min(length, lineEnd - start));
        // A part at the very end is a line, too: what goes on there may never come.
        if (line.isPresent() && (last || !line.get().partial()) && ++found > lines) {
          return lineEnd + 1;
        }
        last &= line.isEmpty();
        lineEnd = start + i;
        if (lines == 0) {
          return lineEnd + 1;
        }
      }
      blockEnd = start;
    }
    return 0;
  }

  /** The head of a line of the stream that is asked for. */
  private Optional<LogLine> head(byte[] bytes, int from, int to) {
    return LogLine.parse(bytes, from, Math.min(to, from + LogLine.LONGEST_HEAD))
        .filter(each -> stream.isEmpty() || stream.equals(each.stream()));
  }
}
