package io.bundlet.apiserver.certificate;

import io.bundlet.kubernetes.NodeSource;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Under what the node's own API is called: what the node says of its addresses. */
final class ServingNames {
  private static final String IP_LITERAL = "[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";
  private static final String DNS_NAME = "[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?";

  private ServingNames() {}

  /** Empty as long as no address is known, without which no certificate is signed. */
  static Optional<SigningRequest> of(NodeSource source, String node) {
    if (source == null) {
      return Optional.empty();
    }
    Set<String> names = new LinkedHashSet<>();
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (NodeAddress address : source.node().getStatus().getAddresses()) {
      String text = address.getAddress();
      try {
        if (text.matches(IP_LITERAL)) {
          addresses.add(InetAddress.getByName(text));
        } else if (text.matches(DNS_NAME)) {
          names.add(text.toLowerCase(Locale.ROOT));
        }
      } catch (UnknownHostException impossible) {
        // a literal is not looked up
        continue;
      }
    }
    return addresses.isEmpty() ? Optional.empty()
        : Optional.of(new SigningRequest(node, List.copyOf(names), List.copyOf(addresses)));
  }
}
