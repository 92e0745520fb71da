package io.bundlet.core.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A port of the node's own addresses.
 *
 * @param address {@link #ANY} or one address
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 */
record HostPort(String address, String protocol, int port) {
  private static final String ANY = "0.0.0.0";
  private static final Set<String> ALL = Set.of("", ANY, "::");

  /** The ports that a container asks the node for. */
  static List<HostPort> asked(Container container, boolean hostNetwork) {
    return container.getPorts().stream()
        .filter(port -> hostPort(port, hostNetwork) > 0)
        .map(port -> of(port, hostPort(port, hostNetwork)))
        .toList();
  }

  private static int hostPort(ContainerPort port, boolean hostNetwork) {
    int asked = Objects.requireNonNullElse(port.getHostPort(), 0);
    // The API server says the same of such pods; a pod from a file has not been there.
    return asked == 0 && hostNetwork ? Objects.requireNonNullElse(port.getContainerPort(), 0) : asked;
  }

  /** The ports that a container opens. */
  static List<HostPort> opened(Container container) {
    return container.getPorts().stream()
        .filter(port -> port.getContainerPort() != null)
        .map(port -> of(port, port.getContainerPort()))
        .toList();
  }

  private static HostPort of(ContainerPort port, int number) {
    String address = Objects.toString(port.getHostIP(), "");
    String protocol = Objects.toString(port.getProtocol(), "");
    return new HostPort(ALL.contains(address) ? ANY : address, protocol.isEmpty() ? "TCP" : protocol, number);
  }

  boolean collides(HostPort other) {
    return port == other.port && protocol.equals(other.protocol)
        && (address.equals(ANY) || other.address.equals(ANY) || address.equals(other.address));
  }
}
