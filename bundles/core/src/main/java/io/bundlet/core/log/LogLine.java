package io.bundlet.core.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;

/**
 * A line of a log in the CRI format, {@code TIME STREAM TAGS TEXT}. Strict: what is no such line is none, and its
 * reader goes on with the next.
 *
 * @param time when it was written, with the zone that the runtime gave it
 * @param stream {@code stdout} or {@code stderr}
 * @param partial whether the container's line goes on in a later one of the same stream
 * @param text without an end of line
 */
record LogLine(OffsetDateTime time, String stream, boolean partial, byte[] text) {
  /** Before the text there cannot be more than this. */
  static final int LONGEST_HEAD = 128;

  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX");

  /** Reads a line, or its beginning if the head is whole in it. @param to the end, without the end of line */
  static Optional<LogLine> parse(byte[] bytes, int from, int to) {
    int afterTime = space(bytes, from, to);
    int afterStream = afterTime < 0 ? -1 : space(bytes, afterTime + 1, to);
    if (afterStream < 0) {
      return Optional.empty();
    }
    int afterTags = space(bytes, afterStream + 1, to);
    // A runtime may leave out the space before an empty text.
    int endOfTags = afterTags < 0 ? to : afterTags;
    if (endOfTags - from > LONGEST_HEAD) {
      return Optional.empty();
    }
    String stream = ascii(bytes, afterTime + 1, afterStream);
    String tags = ascii(bytes, afterStream + 1, endOfTags);
    boolean partial = tags.equals("P") || tags.startsWith("P:");
    if (!stream.equals("stdout") && !stream.equals("stderr")
        || !partial && !tags.equals("F") && !tags.startsWith("F:")) {
      return Optional.empty();
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(ascii(bytes, from, afterTime));
      byte[] text = Arrays.copyOfRange(bytes, Math.min(endOfTags + 1, to), to);
      return Optional.of(new LogLine(time, stream, partial, text));
    } catch (DateTimeException noTime) {
      return Optional.empty();
    }
  }

  /** The same line with another text. */
  LogLine with(byte[] otherText) {
    return new LogLine(time, stream, partial, otherText);
  }

  /** The same, known to go on. */
  LogLine unfinished() {
    return new LogLine(time, stream, true, text);
  }

  /** The time as it is shown: nine digits of the second's fraction. */
  String shownTime() {
    return SHOWN.format(time);
  }

  private static int space(byte[] bytes, int from, int to) {
    int most = Math.min(to, from + LONGEST_HEAD);
    for (int i = from; i < most; i++) {
      if (bytes[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
  }
}
