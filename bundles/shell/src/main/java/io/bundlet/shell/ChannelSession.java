package io.bundlet.shell;

import io.bundlet.api.runtime.StreamTarget;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One session at a runtime's URL, over a WebSocket (RFC 6455) in Kubernetes' protocol {@code v4.channel.k8s.io}: each
 * message begins with the number of its channel. What comes is taken piece by piece by a thread of the session, the
 * next one when the one before was dealt with. The protocol has no word for the end of what is sent.
 */
final class ChannelSession implements AutoCloseable {
  private static final String PROTOCOL = "v4.channel.k8s.io";
  private static final String ACCEPTING = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int LIMIT_MILLIS = 10_000;
  private static final int MAX_HEAD = 16 << 10;
  private static final int PIECE = 16 << 10;
  private static final int CONTINUED = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;
  private static final int MAX_SHORT = 125;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Takes what comes. */
  @FunctionalInterface
  interface Sink {
    /** A part of a message of this channel, at most some KiB. @throws IOException ends the session */
    void take(int channel, byte[] data) throws IOException;
  }

  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final Socket socket;
  private final DataInputStream in;
  private final Sink sink;

  private ChannelSession(Socket socket, Sink sink) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), PIECE));
    this.sink = sink;
  }

  /** Connects. Blocks some seconds at most. @throws CommandFailure for targets of a kind that this version lacks */
  static ChannelSession open(StreamTarget target, Sink sink) throws IOException, CommandFailure {
    URI url = target.upgradeTo().orElseThrow(ChannelSession::unknown);
    InetSocketAddress address = target.address().orElseThrow(ChannelSession::unknown);
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      ChannelSession session = new ChannelSession(socket, sink);
      session.begin(url);
      socket.setSoTimeout(0);
      Thread.ofVirtual().name("shell-session").start(session::read);
      return session;
    } catch (IOException failed) {
      socket.close();
      throw new IOException("the runtime does not open the session: " + failed.getMessage(), failed);
    }
  }

  private static CommandFailure unknown() {
    return new CommandFailure("this version does not know such sessions");
  }

  private void begin(URI url) throws IOException {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String key = Base64.getEncoder().encodeToString(random);
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    socket.getOutputStream().write(
        ("GET " + url.getRawPath() + query + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key
            + "\r\nSec-WebSocket-Protocol: " + PROTOCOL + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    String head = head();
    if (!head.startsWith("http/1.1 101 ")) {
      throw new IOException("it answers " + head.lines().findFirst().orElse("nothing"));
    }
    boolean accepted = head.lines()
        .anyMatch(("sec-websocket-accept: " + accepting(key)).toLowerCase(Locale.ROOT)::equals);
    if (!accepted || head.lines().noneMatch(("sec-websocket-protocol: " + PROTOCOL)::equals)) {
      throw new IOException("it does not agree to " + PROTOCOL);
    }
  }

  /** In lower case, as nothing depends on it; one blank after each colon. */
  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MAX_HEAD && head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString().toLowerCase(Locale.ROOT).replaceAll(":[ \t]*", ": ");
  }

  private static String accepting(String key) {
    try {
      return Base64.getEncoder().encodeToString(
          MessageDigest.getInstance("SHA-1").digest((key + ACCEPTING).getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private void read() {
    try {
      int channel = -1;
      while (true) {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int kind = first & 0x0f;
        long length = length(second);
        if (kind == CLOSE) {
          write(CLOSE, new byte[0], 0);
          over.complete(null);
          return;
        } else if (kind == PING || kind == PONG) {
          byte[] content = in.readNBytes((int) Math.min(length, MAX_SHORT));
          if (kind == PING) {
            write(PONG, content, content.length);
          }
        } else if (kind == CONTINUED || kind == TEXT || kind == BINARY) {
          if (channel < 0 && length > 0) {
            channel = in.readUnsignedByte();
            length--;
          }
          take(channel, length);
          channel = (first & LAST) != 0 ? -1 : channel;
        } else {
          throw new IOException("the runtime sends what is no message");
        }
      }
    } catch (IOException broken) {
      over.completeExceptionally(broken);
    } finally {
      close();
    }
  }

  private long length(int second) throws IOException {
    if ((second & MASKED) != 0) {
      throw new IOException("the runtime sends what is no message");
    }
    long length =
        switch (second) {
          case TWO_BYTES -> in.readUnsignedShort();
          case EIGHT_BYTES -> in.readLong();
          default -> second;
        };
    if (length < 0) {
      throw new IOException("the runtime sends a message without end");
    }
    return length;
  }

  private void take(int channel, long length) throws IOException {
    for (long left = length; left > 0; ) {
      byte[] piece = in.readNBytes((int) Math.min(PIECE, left));
      if (piece.length == 0) {
        throw new IOException("the runtime broke off within a message");
      }
      sink.take(channel, piece);
      left -= piece.length;
    }
  }

  /** Sends one message. Blocks until it is on its way. */
  void send(int toChannel, byte[] data, int length) throws IOException {
    byte[] message = new byte[length + 1];
    message[0] = (byte) toChannel;
    System.arraycopy(data, 0, message, 1, length);
    write(BINARY, message, message.length);
  }

  private void write(int kind, byte[] content, int length) throws IOException {
    byte[] mask = new byte[4];
    RANDOM.nextBytes(mask);
    byte[] frame = new byte[length + 8];
    int at = 0;
    frame[at++] = (byte) (LAST | kind);
    if (length <= MAX_SHORT) {
      frame[at++] = (byte) (MASKED | length);
    } else {
      // No message is longer than two bytes can say.
      frame[at++] = (byte) (MASKED | TWO_BYTES);
      frame[at++] = (byte) (length >> 8);
      frame[at++] = (byte) length;
    }
    for (byte one : mask) {
      frame[at++] = one;
    }
    for (int i = 0; i < length; i++) {
      frame[at++] = (byte) (content[i] ^ mask[i % 4]);
    }
    synchronized (this) {
      socket.getOutputStream().write(frame, 0, at);
    }
  }

  /** Waits until the other side has ended it. @throws IOException when it broke off */
  void await() throws IOException, InterruptedException {
    try {
      over.get();
    } catch (ExecutionException broken) {
      String why = broken.getCause().getMessage();
      throw new IOException(
          "the session broke off" + (why == null ? "" : ": " + why), broken.getCause());
    }
  }

  /** Ends it at the latest after this time. Returns at once. */
  void endAfter(Duration limit) {
    over.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends it, however far it has come. */
  @Override
  public void close() {
    over.complete(null);
    try {
      socket.close();
    } catch (IOException gone) {
      over.completeExceptionally(gone);
    }
  }
}
