package io.bundlet.core.cluster;

import io.bundlet.core.environment.ServiceSource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Objects;

/** Services of a cluster as pods are told of them: those that have an address of the cluster. */
final class ServiceViews {
  private static final String HEADLESS = "None";

  private ServiceViews() {}

  static List<ServiceSource.Service> of(List<Service> services) {
    return services.stream().filter(ServiceViews::hasAddress).map(ServiceViews::view).toList();
  }

  private static boolean hasAddress(Service service) {
    String address = service.getSpec() == null ? null : service.getSpec().getClusterIP();
    return address != null && !address.isEmpty() && !address.equals(HEADLESS);
  }

  private static ServiceSource.Service view(Service service) {
    return new ServiceSource.Service(
        service.getMetadata().getName(), service.getSpec().getClusterIP(),
        service.getSpec().getPorts().stream().map(ServiceViews::port).toList());
  }

  private static ServiceSource.Port port(ServicePort port) {
    return new ServiceSource.Port(
        Objects.toString(port.getName(), ""), Objects.requireNonNullElse(port.getPort(), 0),
        Objects.requireNonNullElse(port.getProtocol(), "TCP"));
  }
}
