package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The variables that tell a container of the services around it. */
final class ServiceVariables {
  private static final String FIELD = "spec.enableServiceLinks";
  private static final String API_SERVER = "kubernetes";
  private static final String API_SERVER_NAMESPACE = "default";

  private ServiceVariables() {}

  /** Those of the pod's namespace, if it wants them; the API server's always. */
  static Map<String, String> of(Pod pod, ServiceSource source) throws ProviderFailure {
    Boolean links = pod.getSpec().getEnableServiceLinks();
    if (links == null) {
      throw ConfigError.wrong(FIELD, "is missing; write true or false");
    }
    Map<String, ServiceSource.Service> wanted = new LinkedHashMap<>();
    try {
      if (links) {
        source.services(pod.getMetadata().getNamespace()).forEach(service -> wanted.put(service.name(), service));
      }
      source.services(API_SERVER_NAMESPACE).stream()
          .filter(service -> service.name().equals(API_SERVER))
          .forEach(service -> wanted.putIfAbsent(API_SERVER, service));
    } catch (ProviderFailure failure) {
      throw ConfigError.unread(FIELD, failure);
    }
    Map<String, String> variables = new LinkedHashMap<>();
    wanted.values().forEach(service -> add(variables, service));
    return variables;
  }

  private static void add(Map<String, String> variables, ServiceSource.Service service) {
    String prefix = name(service.name());
    List<ServiceSource.Port> ports = service.ports();
    variables.put(prefix + "_SERVICE_HOST", service.clusterIp());
    if (ports.isEmpty()) {
      return;
    }
    variables.put(prefix + "_SERVICE_PORT", String.valueOf(ports.getFirst().number()));
    for (ServiceSource.Port port : ports) {
      if (!port.name().isEmpty()) {
        variables.put(prefix + "_SERVICE_PORT_" + name(port.name()), String.valueOf(port.number()));
      }
    }
    variables.put(prefix + "_PORT", address(service, ports.getFirst()));
    for (ServiceSource.Port port : ports) {
      String each = prefix + "_PORT_" + port.number() + "_" + port.protocol().toUpperCase(Locale.ROOT);
      variables.put(each, address(service, port));
      variables.put(each + "_PROTO", port.protocol().toLowerCase(Locale.ROOT));
      variables.put(each + "_PORT", String.valueOf(port.number()));
      variables.put(each + "_ADDR", service.clusterIp());
    }
  }

  private static String address(ServiceSource.Service service, ServiceSource.Port port) {
    boolean six = service.clusterIp().indexOf(':') >= 0;
    String host = six ? "[" + service.clusterIp() + "]" : service.clusterIp();
    return port.protocol().toLowerCase(Locale.ROOT) + "://" + host + ":" + port.number();
  }

  private static String name(String of) {
    return of.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
