package io.bundlet.wascc.line;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads lines of a bounded length. */
final class Lines {
  /** The longest line in bytes, without its end. */
  static final int MOST = 64 << 10;

  private Lines() {}

  /** The next line without its end; null at the end of the stream. */
  static byte[] next(InputStream in) throws IOException, BadLine {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0 && line.size() == 0) {
        return null;
      }
      if (next < 0 || next == '\n') {
        return checked(line.toByteArray());
      }
      if (line.size() > MOST) { // one more than a line may have, for a carriage return
        throw new BadLine("a line has at most " + MOST + " bytes");
      }
      line.write(next);
    }
  }

  private static byte[] checked(byte[] bytes) throws BadLine {
    int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    if (length > MOST) {
      throw new BadLine("a line has at most " + MOST + " bytes");
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
    } catch (CharacterCodingException e) {
      throw new BadLine("a line is text in UTF-8");
    }
    return java.util.Arrays.copyOf(bytes, length);
  }

  /** What is not a line; the client is told and let go. */
  static final class BadLine extends Exception {
    BadLine(String message) {
      super(message);
    }
  }
}
