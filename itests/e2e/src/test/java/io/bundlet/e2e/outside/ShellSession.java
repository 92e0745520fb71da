package io.bundlet.e2e.outside;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command of a node's shell that takes a while: it may be listened to, sent input, and left. */
public final class ShellSession implements AutoCloseable {
  private static final int MAX_PIECE = 8192;

  private final SocketChannel channel;
  private final BlockingQueue<byte[]> input = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  private ShellSession(SocketChannel channel) {
    this.channel = channel;
  }

  /** Begins one. @param data the node's data directory */
  public static ShellSession start(Path data, String command) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(data.resolve("run/shell.sock")));
    ShellSession session = new ShellSession(channel);
    session.write(ByteBuffer.wrap(("-" + command + "\n").getBytes(StandardCharsets.UTF_8)));
    Thread.ofVirtual().name("shell-session").start(session::read);
    return session;
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
      while (true) {
        int kind = in.readUnsignedByte();
        byte[] content = in.readNBytes(in.readInt());
        switch (kind) {
          case 'o' -> append(out, content);
          case 'e' -> append(err, content);
          case 'i' -> Thread.ofVirtual().name("shell-session-input").start(this::send);
          default -> {
            exitCode.complete(ByteBuffer.wrap(content).getInt());
            return;
          }
        }
      }
    } catch (IOException | RuntimeException over) {
      exitCode.completeExceptionally(over);
    }
  }

  private void append(ByteArrayOutputStream to, byte[] content) {
    synchronized (this) {
      to.writeBytes(content);
    }
  }

  private void send() {
    try {
      byte[] piece = input.take();
      write(ByteBuffer.allocate(5 + piece.length).put((byte) 'i').putInt(piece.length).put(piece).flip());
    } catch (IOException over) {
      exitCode.completeExceptionally(over);
    } catch (InterruptedException left) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends this when input is asked for; nothing is its end. */
  public ShellSession input(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += MAX_PIECE) {
      input.add(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + MAX_PIECE)));
    }
    if (bytes.length == 0) {
      input.add(bytes);
    }
    return this;
  }

  /** What it has printed so far. */
  public synchronized String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The errors that it has printed so far. */
  public synchronized String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Its exit code, once it has ended; empty before. */
  public Optional<Integer> ended() {
    return exitCode.isDone() && !exitCode.isCompletedExceptionally() ? Optional.of(exitCode.join()) : Optional.empty();
  }

  /** Waits for its end. @return its exit code */
  public int await(Duration limit) throws InterruptedException {
    try {
      return exitCode.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException never) {
      throw new AssertionError("the command has not ended; it printed: " + out() + err(), never);
    }
  }

  /** Leaves it, as by Ctrl-C. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
