package io.bundlet.kubeletapi.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections, so many of one address and in all, and no longer than {@link Limits} say without a whole request:
 * who sends a byte now and then is no better than who sends nothing. What is too much is closed at once, so that the
 * others get in.
 */
final class GuardedConnector extends ServerConnector {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedConnector.class);

  private final Limits limits;
  private final Map<EndPoint, Scheduler.Task> waiting = new HashMap<>();
  private final Map<EndPoint, InetAddress> open = new HashMap<>();
  /** Also those that the server has not come to yet: when it ends it forgets them. */
  private final Set<SocketChannel> taken = ConcurrentHashMap.newKeySet();

  GuardedConnector(Server server, Limits limits, ConnectionFactory... protocols) {
    // Sockets are taken and watched by one thread.
    super(server, null, null, null, 0, 1, protocols);
    this.limits = limits;
    setIdleTimeout(limits.idle().toMillis());
    setShutdownIdleTimeout(1);
    setAcceptQueueSize(limits.connections());
  }

  @Override
  protected void configure(Socket socket) {
    taken.add(socket.getChannel());
    super.configure(socket);
  }

  @Override
  protected void doStop() throws Exception {
    try {
      super.doStop();
    } finally {
      for (SocketChannel forgotten : taken) {
        forgotten.close();
      }
      taken.clear();
    }
  }

  @Override
  protected void onEndPointOpened(EndPoint connection) {
    super.onEndPointOpened(connection);
    InetAddress from = address(connection);
    boolean room;
    synchronized (open) {
      long same = open.values().stream().filter(from::equals).count();
      room = open.size() < limits.connections() && same < limits.connectionsOfOne();
      if (room) {
        open.put(connection, from);
      }
    }
    if (room) {
      await(connection, limits.request().toMillis());
    } else {
      LOG.debug("a connection of {} is one too many", from);
      connection.close();
    }
  }

  private static InetAddress address(EndPoint connection) {
    return connection.getRemoteSocketAddress() instanceof InetSocketAddress known && known.getAddress() != null
        ? known.getAddress() : InetAddress.getLoopbackAddress();
  }

  @Override
  protected void onEndPointClosed(EndPoint connection) {
    calm(connection);
    taken.remove(connection.getTransport());
    synchronized (open) {
      open.remove(connection);
    }
    super.onEndPointClosed(connection);
  }

  /** A whole request has come over this connection. */
  void asked(EndPoint connection) {
    calm(lowest(connection));
  }

  /** It was answered; the next one may be waited for. */
  void answered(EndPoint connection) {
    EndPoint socket = lowest(connection);
    if (socket.isOpen()) {
      await(socket, limits.between().toMillis());
    }
  }

  private static EndPoint lowest(EndPoint connection) {
    return connection instanceof EndPoint.Wrapper over ? lowest(over.unwrap()) : connection;
  }

  private void await(EndPoint connection, long millis) {
    synchronized (open) {
      if (open.containsKey(connection)) {
        Scheduler.Task task = getScheduler().schedule(connection::close, millis, TimeUnit.MILLISECONDS);
        replace(connection, task);
      }
    }
  }

  private void calm(EndPoint connection) {
    synchronized (open) {
      replace(connection, null);
    }
  }

  private void replace(EndPoint connection, Scheduler.Task task) {
    Scheduler.Task before = task == null ? waiting.remove(connection) : waiting.put(connection, task);
    if (before != null) {
      before.cancel();
    }
  }

  /** How many connections there are. */
  int connections() {
    synchronized (open) {
      return open.size();
    }
  }
}
