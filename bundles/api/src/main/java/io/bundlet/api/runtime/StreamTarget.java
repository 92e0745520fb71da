package io.bundlet.api.runtime;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where a session with a container can be had: a command that is run in it, its own streams, or connections to a pod's
 * ports. It is for one session, which begins when somebody connects, and soon useless if nobody does. There may be
 * other kinds of targets later; a reader who knows none of what a target has cannot use it.
 */
public final class StreamTarget {
  private static final int MAX_PORT = 65_535;
  private static final int MAX_SHOWN = 80;

  private final URI url;
  private final InetSocketAddress address;

  private StreamTarget(URI url, InetSocketAddress address) {
    this.url = url;
    this.address = address;
  }

  /**
   * A target behind a URL of the runtime's own server. Whoever can reach it needs no credentials, so it must be one
   * that only this machine can reach; a name is none, as it might mean something else for whoever asks next.
   *
   * @param url {@code http}, with a loopback address as a number, a port and a path
   * @throws ProviderFailure INTERNAL when it is no such URL; DENIED when others could reach its address
   */
  public static StreamTarget at(URI url) throws ProviderFailure {
    boolean usable = "http".equalsIgnoreCase(url.getScheme()) && url.getHost() != null && url.getRawUserInfo() == null
        && url.getPort() > 0 && url.getPort() <= MAX_PORT && url.getRawPath().startsWith("/");
    if (!usable) {
      String shown = url.toString();
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "a session's URL is '"
          + (shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "...")
          + "', which is not one of http with an address, a port and a path");
    }
    InetAddress address = number(url.getHost()).filter(InetAddress::isLoopbackAddress)
        .orElseThrow(() -> ProviderFailure.of(ProviderFailure.DENIED, "a session would be served at " + url.getHost()
            + ", where others could reach it without credentials; let its server listen at 127.0.0.1"));
    return new StreamTarget(url, new InetSocketAddress(address, url.getPort()));
  }

  /**
   * The URL. A request for it is upgraded, to SPDY/3.1 or to a WebSocket, and what follows is spoken in Kubernetes'
   * protocols for remote commands and port-forwarding ({@code v4.channel.k8s.io}, {@code portforward.k8s.io}).
   */
  public Optional<URI> upgradeTo() {
    return Optional.of(url);
  }

  /** Where the server of that URL listens, on this machine alone. Empty when there is no URL. */
  public Optional<InetSocketAddress> address() {
    return Optional.of(address);
  }

  private static Optional<InetAddress> number(String host) {
    String address = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    boolean number = address.indexOf(':') >= 0 || address.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    try {
      return number ? Optional.of(InetAddress.getByName(address)) : Optional.empty();
    } catch (UnknownHostException none) {
      return Optional.empty();
    }
  }
}
