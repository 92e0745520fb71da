package io.bundlet.kubeletapi.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an answer of HTTP/1.1, read byte by byte, so that nothing is taken of what follows it.
 *
 * @param status its status
 * @param headers by their names in lower case; of several of one name the last counts
 */
record RuntimeAnswer(int status, Map<String, String> headers) {
  private static final int MAX_BYTES = 16 << 10;
  private static final int MAX_WORDS = 2000;
  private static final int LEAST = 100;
  private static final int MOST = 599;

  /** Reads it. @throws IOException when it is none, or longer than 16 KiB */
  static RuntimeAnswer read(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int bytes = 0; bytes < MAX_BYTES; bytes++) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the runtime ended the connection before it had answered");
      }
      if (next != '\n') {
        line.append((char) next);
        continue;
      }
      String whole = line.toString().strip();
      line.setLength(0);
      if (whole.isEmpty()) {
        return of(lines);
      }
      lines.add(whole);
    }
    throw new IOException("the runtime's answer has no end");
  }

  private static RuntimeAnswer of(List<String> lines) throws IOException {
    String[] first = lines.isEmpty() ? new String[0] : lines.getFirst().split(" +", 3);
    if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
      throw new IOException("the runtime does not speak HTTP");
    }
    int status = Integer.parseInt(first[1]);
    if (status < LEAST || status > MOST) {
      throw new IOException("the runtime answered with the status " + status);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return new RuntimeAnswer(status, headers);
  }

  /** The beginning of the words that follow, as far as they are there. */
  String words(InputStream in) throws IOException {
    String length = headers.getOrDefault("content-length", "");
    int bytes = length.matches("\\d{1,9}") ? Math.min(Integer.parseInt(length), MAX_WORDS) : 0;
    return new String(in.readNBytes(bytes), StandardCharsets.UTF_8).strip();
  }
}
