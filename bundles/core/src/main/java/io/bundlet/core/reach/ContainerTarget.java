package io.bundlet.core.reach;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One instance of a container, as it can be reached.
 *
 * @param pod namespace and name of its pod, for messages
 * @param container its name
 * @param address the pod's address, or the host's when the pod has none of its own; an IP address as text
 * @param ports the container's ports that have a name
 * @param exec runs commands in this instance
 */
public record ContainerTarget(
    String pod, String container, String address, Map<String, Integer> ports, ExecCall exec) {
  private static final int MAX_PORT = 65_535;

  public ContainerTarget {
    ports = Map.copyOf(ports);
  }

  /** An instance of this container of a manifest. */
  public static ContainerTarget of(String pod, Container container, String address, ExecCall exec) {
    Map<String, Integer> named = new LinkedHashMap<>();
    for (ContainerPort port : container.getPorts()) {
      if (port.getName() != null && port.getContainerPort() != null) {
        named.putIfAbsent(port.getName(), port.getContainerPort());
      }
    }
    return new ContainerTarget(pod, container.getName(), address, named, exec);
  }

  /** The port that a handler means: a number, the name of one of the container's ports, or a number as text. */
  int port(IntOrString given) throws Unreachable {
    if (given == null) {
      throw new Unreachable("the handler names no port");
    }
    Integer number = given.getIntVal();
    if (number == null) {
      String name = given.getStrVal();
      number = ports.get(name);
      if (number == null) {
        number = number(name);
      }
    }
    if (number < 1 || number > MAX_PORT) {
      throw new Unreachable("the port " + number + " is not between 1 and 65535");
    }
    return number;
  }

  private int number(String name) throws Unreachable {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException notOne) {
      throw new Unreachable(
          "the container " + container + " has no port with the name " + name + "; its named ports are "
              + String.join(", ", ports.keySet().stream().sorted().toList()));
    }
  }
}
