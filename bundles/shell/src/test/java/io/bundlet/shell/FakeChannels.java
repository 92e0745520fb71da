package io.bundlet.shell;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The server of a runtime, as far as a session needs: WebSockets with small messages, made by hand (RFC 6455). */
final class FakeChannels implements AutoCloseable {
  /** What it does with each session. */
  interface Play {
    void play(Session session) throws IOException;
  }

  /** One message. */
  record Message(int channel, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.ISO_8859_1);
    }
  }

  private final ServerSocket socket;
  private final Play play;
  volatile String protocols = "";

  FakeChannels(Play play) throws IOException {
    this.play = play;
    socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/attach/token");
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket caller = socket.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      } catch (IOException over) {
        return;
      }
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      DataInputStream in = new DataInputStream(caller.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      protocols = header(head.toString(), "Sec-WebSocket-Protocol");
      String accepted = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(
          (header(head.toString(), "Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
              .getBytes(StandardCharsets.ISO_8859_1)));
      caller.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
          + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + accepted + "\r\nSec-WebSocket-Protocol: " + protocols
          + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      play.play(new Session(in, caller.getOutputStream()));
    } catch (IOException | NoSuchAlgorithmException gone) {
      protocols = String.valueOf(gone);
    }
  }

  private static String header(String head, String name) {
    return head.lines().filter(line -> line.toLowerCase().startsWith(name.toLowerCase() + ":"))
        .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
  }

  /** The server's side of one session. */
  record Session(DataInputStream in, OutputStream out) {
    /** Sends a message on a channel. */
    void send(int channel, byte[] data) throws IOException {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      int length = data.length + 1;
      frame.write(0x82);
      if (length < 126) {
        frame.write(length);
      } else if (length < 1 << 16) {
        frame.write(126);
        frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
      } else {
        frame.write(127);
        frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
      }
      frame.write(channel);
      frame.writeBytes(data);
      out.write(frame.toByteArray());
      out.flush();
    }

    void send(int channel, String text) throws IOException {
      send(channel, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next message; null at the end. */
    Message next() throws IOException {
      int kind = in.read();
      if (kind < 0 || (kind & 0x0f) == 8) {
        return null;
      }
      int length = in.readUnsignedByte() & 0x7f;
      long whole = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
      byte[] mask = in.readNBytes(4);
      byte[] content = in.readNBytes((int) whole);
      for (int i = 0; i < content.length; i++) {
        content[i] ^= mask[i % 4];
      }
      return new Message(content[0], java.util.Arrays.copyOfRange(content, 1, content.length));
    }

    /** Ends it in the way that is due. */
    void end() throws IOException {
      out.write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe8});
      out.flush();
      while (in.read() >= 0) {
        continue;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
