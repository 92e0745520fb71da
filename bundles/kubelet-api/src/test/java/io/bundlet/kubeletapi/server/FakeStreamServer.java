package io.bundlet.kubeletapi.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The server of a runtime: answers each request's head with what a test says, and then sends back what it gets. */
final class FakeStreamServer implements AutoCloseable {
  static final String SWITCHES = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
      + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\nX-Secret: of the runtime\r\n\r\n";

  /** The heads of the requests that came. */
  final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
  /** What each connection ended with: how many bytes came after its head. */
  final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
  volatile String answer = SWITCHES;
  private final ServerSocket socket;

  FakeStreamServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/exec/token-1");
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = socket.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      }
    } catch (IOException over) {
      heads.add("");
    }
  }

  private void serve(Socket caller) {
    int bytes = 0;
    try (caller) {
      InputStream in = caller.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      heads.add(head.toString());
      // In one piece with the first bytes of the protocol.
      caller.getOutputStream().write((answer + "early").getBytes(StandardCharsets.ISO_8859_1));
      byte[] piece = new byte[4096];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        bytes += count;
        caller.getOutputStream().write(piece, 0, count);
        if (new String(piece, 0, count, StandardCharsets.ISO_8859_1).endsWith("bye")) {
          return;
        }
      }
    } catch (IOException gone) {
      bytes = Math.max(0, bytes);
    } finally {
      ended.add(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
