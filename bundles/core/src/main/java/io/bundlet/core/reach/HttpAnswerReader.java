package io.bundlet.core.reach;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads one answer of HTTP/1.x, of which nothing is trusted: the head may have 64 KiB, the body is read until it ends
 * or has filled 10 KiB, and what is no HTTP is refused.
 */
final class HttpAnswerReader {
  private static final int HEAD_LIMIT = 64 << 10;
  private static final int BODY_LIMIT = 10 << 10;
  private static final int INTERIM_LIMIT = 8;
  private static final int CHUNK_LINE_LIMIT = 1024;
  private static final long UNTIL_CLOSED = -1;

  private final InputStream in;
  private int headBytes;
  private String location = "";
  private boolean chunked;
  private long length = UNTIL_CLOSED;

  HttpAnswerReader(InputStream in) {
    this.in = in;
  }

  /** @param wholeBody whether a body that breaks off is an error */
  HttpAnswer read(boolean wholeBody) throws IOException {
    int status = head();
    for (int interim = 0; status < 200 && status != 101; interim++) {
      if (interim == INTERIM_LIMIT) {
        throw new IOException("malformed HTTP response: too many interim answers");
      }
      status = head();
    }
    boolean bodiless = status == 101 || status == 204 || status == 304;
    return new HttpAnswer(status, location, bodiless ? new byte[0] : body(wholeBody));
  }

  private byte[] body(boolean whole) throws IOException {
    try {
      return body();
    } catch (IOException brokenOff) {
      if (whole) {
        throw brokenOff;
      }
      return new byte[0];
    }
  }

  private int head() throws IOException {
    location = "";
    chunked = false;
    length = UNTIL_CLOSED;
    int status = status(line(HEAD_LIMIT - headBytes));
    for (String line = line(HEAD_LIMIT - headBytes); !line.isEmpty(); line = line(HEAD_LIMIT - headBytes)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("malformed HTTP response: a header line without a name");
      }
      header(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return status;
  }

  private static int status(String line) throws IOException {
    boolean known = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' '
        && (line.length() == 12 || line.charAt(12) == ' ');
    String code = known ? line.substring(9, 12) : "";
    if (code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9') || code.charAt(0) == '0') {
      throw new IOException("malformed HTTP response " + Quoted.of(line));
    }
    return Integer.parseInt(code);
  }

  private void header(String name, String value) throws IOException {
    if (name.equalsIgnoreCase("Location") && location.isEmpty()) {
      location = value;
    } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
      if (!value.equalsIgnoreCase("chunked")) {
        throw new IOException("malformed HTTP response: unsupported transfer encoding " + Quoted.of(value));
      }
      chunked = true;
    } else if (name.equalsIgnoreCase("Content-Length")) {
      try {
        length = Long.parseLong(value);
      } catch (NumberFormatException notOne) {
        length = -2;
      }
      if (length < 0) {
        throw new IOException("malformed HTTP response: bad Content-Length " + Quoted.of(value));
      }
    }
  }

  private byte[] body() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (chunked) {
      chunks(body);
    } else if (length == UNTIL_CLOSED) {
      byte[] all = in.readNBytes(BODY_LIMIT);
      body.write(all, 0, all.length);
    } else {
      exactly(length, body);
    }
    return body.toByteArray();
  }

  private void chunks(ByteArrayOutputStream body) throws IOException {
    while (body.size() < BODY_LIMIT) {
      long size = chunkSize(line(CHUNK_LINE_LIMIT));
      if (size == 0) {
        return;
      }
      exactly(size, body);
      if (body.size() < BODY_LIMIT && !line(CHUNK_LINE_LIMIT).isEmpty()) {
        throw new IOException("malformed HTTP response: a chunk is longer than it said");
      }
    }
  }

  private static long chunkSize(String line) throws IOException {
    int end = line.indexOf(';');
    String digits = (end < 0 ? line : line.substring(0, end)).strip();
    if (digits.isEmpty() || digits.length() > 15 || !digits.chars()
        .allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
      throw new IOException("malformed HTTP response: bad chunk size " + Quoted.of(line));
    }
    return Long.parseLong(digits, 16);
  }

  /** Reads so many bytes, or until the body is full. */
  private void exactly(long bytes, ByteArrayOutputStream body) throws IOException {
    int wanted = (int) Math.min(bytes, BODY_LIMIT - body.size());
    byte[] read = in.readNBytes(wanted);
    if (read.length < wanted) {
      throw new EOFException("the answer ended in the middle of its body");
    }
    body.write(read, 0, read.length);
  }

  /** One line without its end, which may be LF alone. */
  private String line(int limit) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int read = 0; read < limit; read++) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException(
            headBytes == 0 && line.isEmpty() ? "the connection was closed without an answer"
            : "the answer was cut off");
      }
      headBytes++;
      if (c == '\n') {
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
      }
      line.append((char) c);
    }
    throw new IOException("malformed HTTP response: a line or the head is too long");
  }
}
