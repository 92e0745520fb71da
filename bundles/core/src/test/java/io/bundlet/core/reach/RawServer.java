package io.bundlet.core.reach;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that reads the head of a request, remembers it, and answers with whatever bytes the test wants. */
public final class RawServer implements Closeable {
  /** Writes an answer. */
  @FunctionalInterface
  public interface Answer {
    /** May also hang or throw. */
    void write(String request, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Answer answer;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int accepted;

  public RawServer(Answer answer) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
  }

  public RawServer(ServerSocket server, Answer answer) {
    this.server = server;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  /** A server that always answers with this text. */
  public static RawServer saying(String text) throws IOException {
    return new RawServer((request, out) -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        accepted++;
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder request = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        request.append(line).append('\n');
      }
      requests.add(request.toString());
      answer.write(request.toString(), socket.getOutputStream());
      socket.getOutputStream().flush();
    } catch (IOException | UncheckedIOException hungUp) {
      open.remove(socket);
    } finally {
      open.remove(socket);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How many connections there have been. */
  public int accepted() {
    return accepted;
  }

  /** Connections that are open now. */
  public int open() {
    return open.size();
  }

  /** The heads of all requests so far, with LF. */
  public List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
