package io.bundlet.e2e.swap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Keeps one connection to a pod and asks on it all the time; a connection that breaks is a problem, and made again. */
final class LineOnlooker extends Onlooker {
  private final int port;
  private final boolean counts;
  private Socket socket;
  private BufferedReader in;
  private long number;
  private long asked;

  /** @param counts whether it is an actor that counts; else what is sent is to come back */
  LineOnlooker(String name, int port, boolean counts, boolean mayRestart) {
    super(name, mayRestart);
    this.port = port;
    this.counts = counts;
  }

  @Override
  void look() throws Exception {
    if (socket == null) {
      connect();
    }
    if (socket == null) {
      return;
    }
    String question = counts ? "count" : "beat " + asked++;
    try {
      socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
      answer(question, in.readLine());
    } catch (IOException broken) {
      if (!mayRestart()) {
        problem("connection: " + broken.getMessage());
      }
      socket.close();
      socket = null;
    }
  }

  private void connect() throws IOException {
    Socket fresh = new Socket();
    try {
      fresh.setTcpNoDelay(true);
      fresh.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      fresh.setSoTimeout(60_000);
      in = new BufferedReader(new InputStreamReader(fresh.getInputStream(), StandardCharsets.UTF_8));
      socket = fresh;
    } catch (IOException notYet) {
      // Nobody listens; the silence is counted.
      fresh.close();
    }
  }

  private void answer(String question, String answer) throws IOException {
    if (answer == null) {
      throw new IOException("closed by the other side");
    }
    if (!counts) {
      if (!answer.equals(question)) {
        problem("'" + question + "' was answered by '" + answer + "'");
      }
    } else if (!answer.matches("[0-9]+")) {
      if (!mayRestart()) {
        problem("count was answered by '" + answer + "'");
      }
      return;
    } else {
      long next = Long.parseLong(answer);
      // A call whose answer was lost with its connection may have counted.
      boolean again = next <= number;
      number = next;
      if (again) {
        restarted();
        return;
      }
    }
    beat();
  }

  @Override
  public void close() throws IOException {
    super.close();
    if (socket != null) {
      socket.close();
    }
  }
}
