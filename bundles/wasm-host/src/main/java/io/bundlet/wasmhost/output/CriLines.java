package io.bundlet.wasmhost.output;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * Cuts one stream of a guest into lines of the CRI log format: {@code TIME STREAM TAG TEXT}, where the tag is {@code F}
 * for a full line and {@code P} for a part of one that is longer than {@link #LONGEST}. Used by one thread at a time.
 */
final class CriLines {
  /** Bytes of text in one line of the log at most; longer ones are written in parts. */
  static final int LONGEST = 16 << 10;

  private static final byte[] NOTHING = {};
  private static final int FIRST = 256;

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

  private final byte[] stream;
  private final Clock clock;
  /** What there is of a line that has no end yet. There are guests by the thousand, of which few are in one. */
  private byte[] line = NOTHING;
  private int length;
  private long second = Long.MIN_VALUE;
  private String secondText;

  /** @param stream {@code stdout} or {@code stderr} */
  CriLines(String stream, Clock clock) {
    this.stream = (" " + stream + " ").getBytes(StandardCharsets.US_ASCII);
    this.clock = clock;
  }

  /** Takes what the guest wrote and gives the lines that are complete by that. */
  void add(byte[] bytes, int from, int count, ByteArrayOutputStream out) {
    byte[] time = null;
    for (int i = from, end = from + count; i < end; ) {
      if (time == null) {
        time = time();
      }
      int stop = i;
      int most = Math.min(end, i + LONGEST - length);
      while (stop < most && bytes[stop] != '\n') {
        stop++;
      }
      if (stop == end) {
        keep(bytes, i, stop - i);
        i = stop;
      } else if (bytes[stop] == '\n') {
        emit(time, 'F', bytes, i, stop - i, out);
        i = stop + 1;
      } else {
        emit(time, 'P', bytes, i, stop - i, out);
        i = stop;
      }
    }
  }

  /** Gives the rest of a last line that has no end. */
  void finish(ByteArrayOutputStream out) {
    if (length > 0) {
      emit(time(), 'F', NOTHING, 0, 0, out);
    }
  }

  /** How many bytes it holds on to: none between two lines. */
  int held() {
    return line.length;
  }

  private void keep(byte[] bytes, int from, int count) {
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.min(LONGEST, Math.max(FIRST, 2 * (length + count))));
    }
    System.arraycopy(bytes, from, line, length, count);
    length += count;
  }

  /** A line, or a part of one: what was kept, and these bytes. */
  private void emit(byte[] time, char tag, byte[] bytes, int from, int count, ByteArrayOutputStream out) {
    out.writeBytes(time);
    out.writeBytes(stream);
    out.write(tag);
    out.write(' ');
    out.write(line, 0, length);
    out.write(bytes, from, count);
    out.write('\n');
    line = NOTHING;
    length = 0;
  }

  private byte[] time() {
    Instant now = clock.instant();
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      secondText = SECONDS.format(now);
    }
    String nanos = Integer.toString(1_000_000_000 + now.getNano()).substring(1);
    return (secondText + nanos + "Z").getBytes(StandardCharsets.US_ASCII);
  }
}
