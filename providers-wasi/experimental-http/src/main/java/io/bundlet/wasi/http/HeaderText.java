package io.bundlet.wasi.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Headers as the text in which they go to a guest and come from it: a line {@code name:value} for each. A value of a
 * response is kept byte for byte, a character each, as HTTP has it.
 */
final class HeaderText {
  /** What a token may hold beside letters and digits (RFC 9110, 5.6.2). */
  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  private HeaderText() {}

  /** Reads what a guest sends; of two of a name the later counts. */
  static Map<String, String> read(String text) throws Refused {
    Map<String, String> headers = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return headers;
    }
    // what stands behind the last end of a line is no line
    for (String line : (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1)) {
      String header = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      int colon = header.indexOf(':');
      String name = colon < 0 ? "" : header.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = header.substring(colon + 1);
      if (!isToken(name)) {
        throw Code.INVALID_ENCODING.because("a header without a name that can be one");
      }
      if (value.chars().anyMatch(c -> c != '\t' && (c < ' ' || c > '~'))) {
        throw Code.INVALID_ENCODING.because("a header whose value holds other characters than those of ASCII");
      }
      headers.put(name, value);
    }
    return headers;
  }

  /** All of a response's headers. */
  static byte[] write(List<Map.Entry<String, String>> headers) throws Refused {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> header : headers) {
      byte[] value = bytes(header.getValue());
      if (!isToken(header.getKey()) || header.getValue().chars().anyMatch(HeaderText::isControl) || !isUtf8(value)) {
        throw Code.RUNTIME.because("a header of the response cannot be written as text");
      }
      text.append(header.getKey()).append(':').append(header.getValue()).append('\n');
    }
    return bytes(text.toString());
  }

  /** The bytes that a value came in. */
  static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether it can be a header's name or a method. */
  static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(
            c -> c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN.indexOf(c) >= 0));
  }

  private static boolean isControl(int c) {
    return c < ' ' || c == 0x7f;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
