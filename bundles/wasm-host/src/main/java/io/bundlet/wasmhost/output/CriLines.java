package io.bundlet.wasmhost.output;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Cuts one stream of a guest into lines of the CRI log format: {@code TIME STREAM TAG TEXT}, where the tag is {@code F}
 * for a full line and {@code P} for a part of one that is longer than {@link #LONGEST}. Used by one thread at a time.
 */
final class CriLines {
  /** Bytes of text in one line of the log at most; longer ones are written in parts. */
  static final int LONGEST = 16 << 10;

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

  private final byte[] stream;
  private final Clock clock;
  private final byte[] line = new byte[LONGEST];
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
      System.arraycopy(bytes, i, line, length, stop - i);
      length += stop - i;
      i = stop;
      if (i < end && bytes[i] == '\n') {
        emit(time, 'F', out);
        i++;
      } else if (i < end) {
        emit(time, 'P', out);
      }
    }
  }

  /** Gives the rest of a last line that has no end. */
  void finish(ByteArrayOutputStream out) {
    if (length > 0) {
      emit(time(), 'F', out);
    }
  }

  private void emit(byte[] time, char tag, ByteArrayOutputStream out) {
    out.writeBytes(time);
    out.writeBytes(stream);
    out.write(tag);
    out.write(' ');
    out.write(line, 0, length);
    out.write('\n');
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
