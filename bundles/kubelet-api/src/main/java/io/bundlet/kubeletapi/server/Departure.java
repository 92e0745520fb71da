package io.bundlet.kubeletapi.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a caller leaves while he is only written to: without it, one who has left a quiet log would be noticed
 * with its next line, which may never come.
 */
final class Departure implements Callback {
  private final EndPoint connection;
  private final Runnable gone;
  private final ByteBuffer anything = BufferUtil.allocate(64);

  Departure(EndPoint connection, Runnable gone) {
    this.connection = connection;
    this.gone = gone;
  }

  void await() {
    if (!connection.tryFillInterested(this)) {
      gone.run();
    }
  }

  @Override
  public void succeeded() {
    try {
      if (connection.fill(anything) == 0) {
        await();
        return;
      }
    } catch (IOException broken) {
      connection.close(broken);
    }
    gone.run();
  }

  @Override
  public void failed(Throwable why) {
    if (why instanceof TimeoutException && connection.isOpen()) {
      await();
    } else {
      gone.run();
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
