package io.bundlet.kubeletapi.server;

import io.bundlet.api.admin.LogReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A log that a test writes while it is read. */
final class FakeLog implements LogReader {
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> written = new LinkedBlockingQueue<>();
  final CountDownLatch closed = new CountDownLatch(1);
  private volatile IOException failure;

  FakeLog write(String text) {
    written.add(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  FakeLog end() {
    written.add(END);
    return this;
  }

  FakeLog fail(IOException why) {
    failure = why;
    return end();
  }

  @Override
  public int read(byte[] into) throws IOException, InterruptedException {
    byte[] next = written.take();
    if (next == END) {
      if (failure != null) {
        throw failure;
      }
      return -1;
    }
    System.arraycopy(next, 0, into, 0, next.length);
    return next.length;
  }

  @Override
  public void close() {
    closed.countDown();
    written.add(END);
  }
}
