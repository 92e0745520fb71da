package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import java.util.List;

/** The services of a cluster, for those who tell pods of them. Fast; may be called from any thread. */
@FunctionalInterface
public interface ServiceSource {
  /** A node without a cluster. */
  ServiceSource NONE = namespace -> List.of();

  /**
   * A service that has a cluster address.
   *
   * @param name its name
   * @param clusterIp its address
   * @param ports in the order of the service
   */
  record Service(String name, String clusterIp, List<Port> ports) {
    public Service {
      ports = List.copyOf(ports);
    }
  }

  /**
   * A port of a service.
   *
   * @param name may be empty
   * @param number its number
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   */
  record Port(String name, int number, String protocol) {}

  /**
   * The services of a namespace that have a cluster address.
   *
   * @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} before they were read for the first time
   */
  List<Service> services(String namespace) throws ProviderFailure;
}
