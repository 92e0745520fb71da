package io.bundlet.shell;

import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports of this machine's own address that lead to ports of a pod. Each connection is a session of its own, with two
 * threads; what is beyond the limit waits to be taken.
 */
final class PortForwarding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PortForwarding.class);
  private static final Pattern PORTS = Pattern.compile("(?:(\\d{1,5}):)?(\\d{1,5})");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_CONNECTIONS = 64;
  private static final int PIECE = 16 << 10;
  private static final int DATA = 0;
  private static final int ERROR = 1;
  /** The first bytes of each channel say for which port it is. */
  private static final int PORT_BYTES = 2;
  /** Who has sent all may still be answered, as the protocol has no word for that he has. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  /** Finds who knows the pods. */
  @FunctionalInterface
  interface Way {
    PodStreams get() throws CommandFailure, InterruptedException;
  }

  private final String pod;
  private final Way way;
  private final PrintStream errors;
  private final List<ServerSocket> listening = new ArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(MAX_CONNECTIONS);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closed;

  PortForwarding(String pod, Way way, PrintStream errors) {
    this.pod = pod;
    this.way = way;
    this.errors = errors;
  }

  /** Begins with one more port. @return what has been done, for people */
  String add(String ports) throws CommandFailure {
    Matcher numbers = PORTS.matcher(ports);
    if (!numbers.matches()) {
      throw new CommandFailure("'" + ports + "' is neither PORT nor LOCAL:PORT, such as 8080:80");
    }
    int remote = Integer.parseInt(numbers.group(2));
    int local = numbers.group(1) == null ? remote : Integer.parseInt(numbers.group(1));
    if (remote < 1 || remote > MAX_PORT || local > MAX_PORT) {
      throw new CommandFailure("'" + ports + "': ports are from 1 to " + MAX_PORT);
    }
    try {
      ServerSocket socket = new ServerSocket(local, MAX_CONNECTIONS, InetAddress.getByName("127.0.0.1"));
      listening.add(socket);
      Thread.ofVirtual().name("shell-forward").start(() -> accept(socket, remote));
      return "127.0.0.1:" + socket.getLocalPort() + " -> " + remote;
    } catch (IOException taken) {
      throw new CommandFailure("127.0.0.1:" + local + " cannot be listened at: " + taken.getMessage());
    }
  }

  /** Waits for an interrupt. */
  void await() throws InterruptedException {
    ended.await();
  }

  private void accept(ServerSocket socket, int port) {
    try {
      while (!closed) {
        free.acquire();
        Socket caller;
        try {
          caller = socket.accept();
        } catch (IOException over) {
          free.release();
          throw over;
        }
        open.add(caller);
        Thread.ofVirtual().name("shell-forwarded").start(() -> {
          try (caller) {
            forward(caller, port);
          } catch (IOException | ProviderFailure | CommandFailure failed) {
            say("a connection to port " + port + " has failed: " + failed.getMessage());
          } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
          } finally {
            open.remove(caller);
            free.release();
          }
        });
      }
    } catch (IOException over) {
      LOG.debug("no more connections are taken: {}", over.toString());
    } catch (InterruptedException left) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(Socket caller, int port)
      throws IOException, ProviderFailure, CommandFailure, InterruptedException {
    int[] skip = {PORT_BYTES, PORT_BYTES};
    AtomicBoolean answered = new AtomicBoolean();
    ChannelSession.Sink sink = (channel, data) -> {
      if (channel > ERROR) {
        return;
      }
      int from = Math.min(skip[channel], data.length);
      skip[channel] -= from;
      if (channel == DATA) {
        answered.set(answered.get() || from < data.length);
        caller.getOutputStream().write(data, from, data.length - from);
      } else if (from < data.length) {
        say(new String(data, from, data.length - from, StandardCharsets.UTF_8).strip());
        throw new IOException("the pod's port " + port + " cannot be reached");
      }
    };
    try (ChannelSession session =
        ChannelSession.open(way.get().portForward(pod, List.of(port)), sink)) {
      Thread sending = Thread.ofVirtual().name("shell-forwarding").start(() -> send(caller, session));
      try {
        session.await();
        if (!answered.get()) {
          // Runtimes close the session before they have said why.
          say("nothing came from port " + port + " of pod " + pod + "; does anybody listen there?");
        }
      } finally {
        caller.close();
        sending.join(Duration.ofSeconds(1));
      }
    }
  }

  private static void send(Socket caller, ChannelSession session) {
    byte[] piece = new byte[PIECE];
    try {
      for (int count = caller.getInputStream().read(piece); count >= 0; count = caller.getInputStream().read(piece)) {
        session.send(DATA, piece, count);
      }
      session.endAfter(ANSWER_LIMIT);
    } catch (IOException over) {
      session.close();
    }
  }

  private void say(String words) {
    if (!closed) {
      errors.println(words);
      errors.flush();
    }
  }

  /** Ends all connections. */
  @Override
  public void close() throws IOException {
    closed = true;
    ended.countDown();
    for (ServerSocket socket : listening) {
      socket.close();
    }
    for (Socket caller : open) {
      caller.close();
    }
  }
}
