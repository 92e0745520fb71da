package io.bundlet.apiserver.call;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a server answers, read by one thread, piece by piece: the next piece is asked for when the last one was taken,
 * so that a server that says much fills no memory.
 */
final class Body implements AsyncBody.Consumer<List<ByteBuffer>>, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<ByteBuffer> piece;
  private AsyncBody source;
  private Throwable failure;
  private boolean ended;
  private boolean closed;

  /** The answer has begun. */
  void begins(AsyncBody body) {
    lock.lock();
    try {
      source = body;
    } finally {
      lock.unlock();
    }
    body.done().whenComplete((nothing, thrown) -> end(thrown));
    if (isClosed()) {
      body.cancel();
    }
  }

  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody body) {
    lock.lock();
    try {
      piece = buffers;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next piece; null at the end.
   *
   * @throws IOException when the answer breaks off, nothing comes for so long, or this was closed
   */
  List<ByteBuffer> next(Duration idle) throws IOException, InterruptedException {
    AsyncBody from;
    lock.lock();
    try {
      from = source;
    } finally {
      lock.unlock();
    }
    from.consume();
    lock.lock();
    try {
      long left = idle.toNanos();
      while (piece == null && !ended && !closed) {
        if (left <= 0) {
          throw new InterruptedIOException("nothing came for " + idle.toSeconds() + " s");
        }
        left = changed.awaitNanos(left);
      }
      if (closed) {
        throw new IOException("closed");
      }
      if (piece == null && failure != null) {
        throw new IOException("the answer broke off: " + Requests.cause(failure), failure);
      }
      List<ByteBuffer> taken = piece;
      piece = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** All of it. @throws IOException also when it is longer, or takes longer */
  byte[] whole(int bytes, Duration limit) throws IOException, InterruptedException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      long left = Math.max(end - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1));
      List<ByteBuffer> next = next(Duration.ofNanos(left));
      if (next == null) {
        return whole.toByteArray();
      }
      for (ByteBuffer buffer : next) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        whole.writeBytes(copy);
      }
      if (whole.size() > bytes) {
        throw new IOException("the answer is longer than " + bytes + " bytes");
      }
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void end(Throwable thrown) {
    lock.lock();
    try {
      ended = true;
      failure = thrown;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the request; whoever reads gets an exception. May be called by any thread, and again. */
  @Override
  public void close() {
    AsyncBody from;
    lock.lock();
    try {
      closed = true;
      from = source;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (from != null) {
      from.cancel();
    }
  }
}
