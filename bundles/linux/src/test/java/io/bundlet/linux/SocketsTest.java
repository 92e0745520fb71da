package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private final String nonce = UUID.randomUUID().toString();

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void connectionsComeAndNobodyWaits() throws Exception {
    int port = freePort();
    try (SystemCalls calls = new SystemCalls()) {
      int fd = Sockets.listen(new InetSocketAddress(port));
      assertEquals(-LinuxFailure.EAGAIN, calls.accept(fd));
      try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
        int connection = (int) calls.accept(fd);
        assertTrue(connection >= 0, "errno " + -connection);
        MemorySegment buffer = calls.allocate(100);
        assertEquals(-LinuxFailure.EAGAIN, calls.read(connection, buffer, 100, -1));
        assertEquals(0, calls.readable(connection));
        client.getOutputStream().write(nonce.getBytes(StandardCharsets.UTF_8));
        MemorySegment polled = calls.allocate(8);
        polled.set(ValueLayout.JAVA_INT, 0, connection);
        polled.set(ValueLayout.JAVA_SHORT, 4, (short) 1);
        assertEquals(1, calls.poll(polled, 1, 60_000_000_000L));
        assertEquals(nonce.length(), calls.readable(connection));
        assertEquals(nonce.length(), calls.peek(connection, buffer, 100));
        assertEquals(nonce.length(), calls.read(connection, buffer, 100, -1));
        assertEquals(nonce, new String(
            buffer.asSlice(0, nonce.length()).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        assertEquals(nonce.length(), calls.write(connection, buffer, nonce.length(), -1));
        assertEquals(0, calls.shutdown(connection, SystemCalls.SENDING));
        assertEquals(nonce, new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        calls.close(connection);
      }
      calls.close(fd);
    }
  }

  @Test
  void whatIsTakenOrNotHereIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      LinuxFailure failure = assertThrows(
          LinuxFailure.class,
          () -> Sockets.listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), taken.getLocalPort())));
      assertEquals(
          "listen at 127.0.0.1 port " + taken.getLocalPort() + ": address already in use", failure.getMessage());
    }
    assertEquals(
        "listen at 192.0.2.1 port 1: the machine does not have this address",
        assertThrows(
            LinuxFailure.class,
            () -> Sockets.listen(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1))).getMessage());
  }
}
