package io.bundlet.core.reach;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A socket without a proxy that remembers how what it received begins, so that plain HTTP is known where TLS was
 * expected.
 */
final class FirstBytes extends Socket {
  private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);

  private int matching;
  private boolean other;

  FirstBytes() {
    super(Proxy.NO_PROXY);
  }

  /** Whether it began as HTTP does. */
  boolean plain() {
    return matching == HTTP.length;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
          look((byte) b);
        }
        return b;
      }

      @Override
      public int read(byte[] to, int from, int length) throws IOException {
        int read = super.read(to, from, length);
        for (int i = 0; i < read; i++) {
          look(to[from + i]);
        }
        return read;
      }
    };
  }

  private void look(byte b) {
    if (!other && matching < HTTP.length) {
      other = b != HTTP[matching];
      matching += other ? 0 : 1;
    }
  }
}
