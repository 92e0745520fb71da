package io.bundlet.wascc.line;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.wasm.RequestFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one endpoint and serves its clients, each on a virtual thread. */
final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int IDLE_MILLIS = 300_000;
  private static final int BACKLOG = 50;

  private final Endpoint endpoint;
  private final Requests requests;
  private final Semaphore connections;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile ContainerId actor;
  private volatile boolean closed;

  /** Opens it; the port is taken when this returns. */
  Listener(Endpoint endpoint, ContainerId actor, Requests requests, Semaphore connections) throws IOException {
    this.endpoint = endpoint;
    this.actor = actor;
    this.requests = requests;
    this.connections = connections;
    server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    Thread.ofVirtual().name("line " + endpoint).start(this::accept);
  }

  ContainerId actor() {
    return actor;
  }

  /** From now on lines go to this actor. */
  void serve(ContainerId other) {
    actor = other;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = server.accept();
        open.add(client);
        if (closed) {
          close(client);
        } else if (connections.tryAcquire()) {
          Thread.ofVirtual().name("line client " + endpoint).start(() -> serve(client));
        } else {
          refuse(client);
        }
      } catch (IOException e) {
        if (!closed) {
          LOG.warn("Clients of {} cannot be accepted: {}", endpoint, e.getMessage());
          pause();
        }
      }
    }
  }

  /** Accepting fails for as long as, for example, file descriptors are used up: not in a busy loop. */
  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuse(Socket client) {
    try {
      answer(client.getOutputStream(), error("too many connections"));
    } catch (IOException e) {
      LOG.debug("A client of {} left before it was refused", endpoint, e);
    } finally {
      close(client);
    }
  }

  private void serve(Socket client) {
    try {
      client.setSoTimeout(IDLE_MILLIS);
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      try {
        for (byte[] line = Lines.next(in); line != null; line = Lines.next(in)) {
          answer(out, ask(line));
        }
      } catch (Lines.BadLine e) {
        answer(out, error(e.getMessage()));
      }
    } catch (IOException e) {
      LOG.debug("A client of {} is gone", endpoint, e);
    } finally {
      connections.release();
      close(client);
    }
  }

  private byte[] ask(byte[] line) {
    try {
      byte[] answer = requests.line(actor, line);
      return answer.length <= Lines.MOST ? answer : error("the answer has more than " + Lines.MOST + " bytes");
    } catch (RequestFailure e) {
      return error(e.getMessage());
    }
  }

  private static byte[] error(String text) {
    String some = text.length() > 1000 ? text.substring(0, 1000) + "..." : text;
    return ("ERROR " + some).getBytes(StandardCharsets.UTF_8);
  }

  /** Writes one line, whatever is in it. */
  private static void answer(OutputStream out, byte[] bytes) throws IOException {
    byte[] line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    for (int i = 0; i < bytes.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    line[bytes.length] = '\n';
    out.write(line);
    out.flush();
  }

  private void close(Socket client) {
    open.remove(client);
    try {
      client.close();
    } catch (IOException e) {
      LOG.debug("A client of {} did not close well", endpoint, e);
    }
  }

  /** Gives the port back and lets the clients go. Returns at once. Idempotent. */
  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("The port {} was not given back well: {}", endpoint, e.getMessage());
    }
    open.forEach(this::close);
  }
}
