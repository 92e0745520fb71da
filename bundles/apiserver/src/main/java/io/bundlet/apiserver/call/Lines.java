package io.bundlet.apiserver.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** An answer of which one JSON object after another comes, each on a line of its own, as long as it is open. */
public final class Lines implements AutoCloseable {
  /** No object of a server is longer: what it stores is bounded by 1.5 MiB. */
  private static final int LONGEST = 8 << 20;

  private final Body body;
  private final Json json;
  private final Deque<ByteBuffer> arrived = new ArrayDeque<>();

  Lines(Body body, Json json) {
    this.body = body;
    this.json = json;
  }

  /**
   * The next object; null when the server has ended the answer. For one thread.
   *
   * @param idle how long to wait at most for something to come
   * @throws IOException when the answer breaks off or is no JSON, nothing comes, or this was closed
   */
  public Map<String, Object> next(Duration idle) throws IOException, InterruptedException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (arrived.isEmpty()) {
        var pieces = body.next(idle);
        if (pieces == null) {
          if (!line.toString(StandardCharsets.UTF_8).isBlank()) {
            throw new IOException("the answer ended in the middle of an object");
          }
          return null;
        }
        arrived.addAll(pieces);
      }
      if (takeLine(line) && !line.toString(StandardCharsets.UTF_8).isBlank()) {
        return json.tree(line.toByteArray());
      }
      if (line.size() > LONGEST) {
        throw new IOException("one object is longer than " + LONGEST + " bytes");
      }
    }
  }

  /** Takes what is there up to the end of the line. @return whether the line has ended */
  private boolean takeLine(ByteArrayOutputStream line) {
    while (!arrived.isEmpty()) {
      ByteBuffer buffer = arrived.peek();
      while (buffer.hasRemaining()) {
        byte octet = buffer.get();
        if (octet == '\n') {
          return true;
        }
        line.write(octet);
      }
      arrived.remove();
    }
    return false;
  }

  /** Ends the answer. May be called by any thread, and again. */
  @Override
  public void close() {
    body.close();
  }
}
