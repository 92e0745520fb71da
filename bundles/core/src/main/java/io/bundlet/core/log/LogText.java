package io.bundlet.core.log;

import io.bundlet.api.admin.LogQuery;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes text of a log's lines: joins parts of one stream's line, leaves out what is too old, puts times before. */
final class LogText {
  /** So much of a line waits for its end; what is longer is given in parts. */
  private static final int JOINED = 256 << 10;

  private final LogQuery query;
  private final ByteArrayOutputStream out;
  private final Begun stdout = new Begun();
  private final Begun stderr = new Begun();

  /** A line whose end has not come. */
  private static final class Begun {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private boolean begun;
    private boolean wanted;
  }

  LogText(LogQuery query, ByteArrayOutputStream out) {
    this.query = query;
    this.out = out;
  }

  void add(LogLine line) {
    if (!query.stream().isEmpty() && !query.stream().equals(line.stream())) {
      return;
    }
    Begun begun = line.stream().equals("stdout") ? stdout : stderr;
    if (!begun.begun) {
      begun.begun = true;
      begun.wanted = query.since().filter(line.time().toInstant()::isBefore).isEmpty();
      if (begun.wanted && query.timestamps()) {
        begun.text.writeBytes((line.shownTime() + " ").getBytes(StandardCharsets.US_ASCII));
      }
    }
    if (begun.wanted) {
      begun.text.writeBytes(line.text());
    }
    if (!line.partial()) {
      if (begun.wanted) {
        begun.text.write('\n');
      }
      begun.begun = false;
      give(begun);
    } else if (begun.text.size() > JOINED) {
      give(begun);
    }
  }

  /** Gives what has no end and gets none. */
  void end() {
    give(stdout);
    give(stderr);
  }

  private void give(Begun begun) {
    out.writeBytes(begun.text.toByteArray());
    begun.text.reset();
  }
}
