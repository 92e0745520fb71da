package io.bundlet.core.identity;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's own addresses, at most one of each family: those that are configured, or those of the interface that leads
 * outside.
 */
public final class NodeAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAddresses.class);
  private static final Path ROUTES = Path.of("/proc/net/route");
  private static final String ANYWHERE = "00000000";
  private static final List<String> NONE = List.of("127.0.0.1");

  private NodeAddresses() {}

  /** The addresses, the first one being the node's address; never empty. Looks at the machine's interfaces. */
  public static List<String> of(String... configured) {
    List<String> given = NameSettings.words(configured);
    if (!given.isEmpty()) {
      return given;
    }
    try {
      Optional<NetworkInterface> outside = Optional.ofNullable(toAnywhere()).or(NodeAddresses::firstThatIsUp);
      List<String> found = outside.map(NodeAddresses::addresses).orElse(List.of());
      return found.isEmpty() ? NONE : found;
    } catch (IOException unknown) {
      LOG.warn("the node's address is not known, 127.0.0.1 is used; set node.ip of io.bundlet.core: {}",
          unknown.toString());
      return NONE;
    }
  }

  /** The interface of the default route; null if there is none. */
  private static NetworkInterface toAnywhere() throws IOException {
    if (Files.isReadable(ROUTES)) {
      for (String line : Files.readAllLines(ROUTES)) {
        String[] columns = line.split("\\s+");
        if (columns.length > 1 && columns[1].equals(ANYWHERE)) {
          return NetworkInterface.getByName(columns[0]);
        }
      }
    }
    return null;
  }

  private static Optional<NetworkInterface> firstThatIsUp() {
    try {
      return NetworkInterface.networkInterfaces().filter(NodeAddresses::leadsOut)
          .filter(one -> !addresses(one).isEmpty()).findFirst();
    } catch (SocketException unknown) {
      LOG.debug("the machine's interfaces cannot be listed: {}", unknown.toString());
      return Optional.empty();
    }
  }

  private static boolean leadsOut(NetworkInterface one) {
    try {
      return one.isUp() && !one.isLoopback() && !one.isVirtual();
    } catch (SocketException gone) {
      return false;
    }
  }

  private static List<String> addresses(NetworkInterface of) {
    List<InetAddress> all =
        of.inetAddresses().filter(one -> !one.isLinkLocalAddress() && !one.isLoopbackAddress()).toList();
    List<String> found = new ArrayList<>();
    all.stream().filter(one -> !(one instanceof Inet6Address)).findFirst().ifPresent(one -> found.add(text(one)));
    all.stream().filter(Inet6Address.class::isInstance).findFirst().ifPresent(one -> found.add(text(one)));
    return found;
  }

  /** Without the name of the interface, which Java appends. */
  private static String text(InetAddress address) {
    return address.getHostAddress().replaceAll("%.*", "");
  }
}
