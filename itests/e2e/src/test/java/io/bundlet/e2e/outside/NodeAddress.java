package io.bundlet.e2e.outside;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;

/** The machine's own address: without an API server, no kubelet is told one. */
public final class NodeAddress {
  private NodeAddress() {}

  /** The first IPv4 address of an interface that is no bridge of pods. */
  public static String ipv4() throws IOException {
    return NetworkInterface.networkInterfaces()
        .filter(each -> !each.getName().matches("lo|docker.*|cni.*|bndt.*|veth.*"))
        .flatMap(NetworkInterface::inetAddresses).filter(Inet4Address.class::isInstance)
        .map(address -> address.getHostAddress()).findFirst()
        .orElseThrow(() -> new IOException("this machine has no IPv4 address of its own"));
  }
}
