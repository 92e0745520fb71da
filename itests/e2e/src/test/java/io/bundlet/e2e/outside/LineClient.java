package io.bundlet.e2e.outside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Speaks lines with an actor. */
public final class LineClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final BufferedReader in;

  public LineClient(int port, int limitMillis) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress("127.0.0.1", port), limitMillis);
    socket.setSoTimeout(limitMillis);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Sends a line and waits for its answer. */
  public String ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    String answer = in.readLine();
    if (answer == null) {
      throw new IOException("the connection was closed");
    }
    return answer;
  }

  /** One line, on a connection of its own. */
  public static String askOnce(int port, String line) throws IOException {
    try (LineClient client = new LineClient(port, 120_000)) {
      return client.ask(line);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
