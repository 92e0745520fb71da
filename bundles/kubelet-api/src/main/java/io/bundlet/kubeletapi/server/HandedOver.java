package io.bundlet.kubeletapi.server;

import io.bundlet.kubeletapi.route.Counterpart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A caller's connection that goes on in another protocol. Two virtual threads pass on what comes, each with one buffer,
 * so that who does not take what is for him stops who sends it. It ends with either side.
 */
final class HandedOver extends AbstractConnection implements Connection.UpgradeTo {
  private static final Logger LOG = LoggerFactory.getLogger(HandedOver.class);
  /** As other kubelets have it. */
  private static final Duration IDLE = Duration.ofHours(4);
  private static final int PIECE = 16 << 10;

  private final Counterpart to;
  private final Runnable over;
  private final AtomicBoolean ended = new AtomicBoolean();
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

  HandedOver(EndPoint connection, Executor executor, Counterpart to, Runnable over) {
    super(connection, executor);
    this.to = to;
    this.over = over;
  }

  @Override
  public void onUpgradeTo(ByteBuffer sentEarly) {
    early = sentEarly == null ? BufferUtil.EMPTY_BUFFER : sentEarly;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(IDLE.toMillis());
    Thread.ofVirtual().name("kubelet-api-to-runtime").start(() -> pass(this::toRuntime));
    Thread.ofVirtual().name("kubelet-api-from-runtime").start(() -> pass(this::fromRuntime));
  }

  @Override
  public void onFillable() {
    // Nobody waits for this: the thread that reads has a callback of its own.
  }

  @Override
  public void onClose(Throwable why) {
    end();
    super.onClose(why);
  }

  private interface Passing {
    void pass() throws IOException, InterruptedException;
  }

  private void pass(Passing one) {
    try {
      one.pass();
    } catch (IOException broken) {
      LOG.debug("a session broke off: {}", broken.toString());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      end();
      getEndPoint().close();
    }
  }

  private void toRuntime() throws IOException, InterruptedException {
    OutputStream out = to.socket().getOutputStream();
    byte[] piece = new byte[PIECE];
    write(out, early, piece);
    ByteBuffer buffer = ByteBuffer.allocate(PIECE).limit(0);
    while (true) {
      int count = getEndPoint().fill(buffer);
      if (count < 0) {
        return;
      }
      if (count == 0) {
        Callback.Completable more = new Callback.Completable();
        getEndPoint().fillInterested(more);
        await(more);
      }
      write(out, buffer, piece);
      BufferUtil.clear(buffer);
    }
  }

  private static void write(OutputStream out, ByteBuffer from, byte[] piece) throws IOException {
    while (from.hasRemaining()) {
      int count = Math.min(piece.length, from.remaining());
      from.get(piece, 0, count);
      out.write(piece, 0, count);
    }
  }

  private void fromRuntime() throws IOException, InterruptedException {
    InputStream in = to.socket().getInputStream();
    byte[] piece = new byte[PIECE];
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      Callback.Completable written = new Callback.Completable();
      getEndPoint().write(written, ByteBuffer.wrap(piece, 0, count));
      await(written);
    }
  }

  private static void await(Callback.Completable done) throws IOException, InterruptedException {
    try {
      done.get();
    } catch (ExecutionException failed) {
      throw new IOException(String.valueOf(failed.getCause()), failed.getCause());
    }
  }

  /** Lets go of the runtime, once. */
  void end() {
    if (ended.compareAndSet(false, true)) {
      to.close();
      over.run();
    }
  }
}
