package io.bundlet.core.reach;

import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;

/**
 * A TCP connection that is opened and closed at once.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record TcpConnect(String host, int port) {
  /** What this handler asks for. */
  public static TcpConnect of(TCPSocketAction action, ContainerTarget target) throws Unreachable {
    String host = action.getHost();
    return new TcpConnect(host == null || host.isEmpty() ? target.address() : host, target.port(action.getPort()));
  }

  /** Connects; blocks until an interrupt. @throws IOException when nobody takes the connection */
  public void run() throws IOException {
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(Addresses.of(host), port));
    }
  }
}
