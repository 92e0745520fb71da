package io.bundlet.kubeletapi.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Whoever comes while the servers end is not left with a connection that nobody looks after. */
class ServersEndTest {
  private static final int ROUNDS = 8;
  private static final int BEFORE_THE_END = 100;
  private static final byte[] REQUEST =
      "GET /healthz HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @Test
  void everyConnectionEnds() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Harness harness = new Harness();
      List<Socket> all = new CopyOnWriteArrayList<>();
      Thread caller = Thread.ofPlatform().start(() -> call(harness.running.healthPort(), all));
      while (all.size() < BEFORE_THE_END && caller.isAlive()) {
        Thread.onSpinWait();
      }
      harness.close();
      caller.join();
      for (Socket socket : all) {
        assertEquals("ended", end(socket), "in round " + round);
      }
    }
  }

  /** Connects again and again until nobody takes it any more. */
  private static void call(int port, List<Socket> all) {
    try {
      while (true) {
        Socket socket = new Socket("127.0.0.1", port);
        all.add(socket);
        socket.getOutputStream().write(REQUEST);
      }
    } catch (IOException over) {
      // this is what is waited for
    }
  }

  private static String end(Socket socket) throws IOException {
    try (socket) {
      socket.setSoTimeout(120_000);
      while (socket.getInputStream().read() >= 0) {
        continue;
      }
      return "ended";
    } catch (SocketTimeoutException open) {
      return "open";
    } catch (IOException reset) {
      return "ended";
    }
  }
}
