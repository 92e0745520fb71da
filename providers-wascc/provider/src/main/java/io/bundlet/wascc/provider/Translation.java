package io.bundlet.wascc.provider;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.wasmprovider.Defaults;
import java.nio.file.Path;
import java.util.Map;

/** From a resolved container to the actor that the wasm host runs. */
final class Translation {
  /** The protocol that actors speak. */
  static final String PROTOCOL = "wapc";
  /** The name of a port that is served by the line capability. */
  static final String LINE = "line";

  private static final String LINE_CAPABILITY = "bundlet:line";

  private Translation() {}

  /** What to run. */
  static GuestSpec guest(ContainerConfig container, String engine, Path module, Defaults defaults) {
    return GuestSpec.actor(
        engine,
        module,
        container.image().id(),
        PROTOCOL,
        defaults.limits(container),
        bindings(container));
  }

  private static Map<String, Map<String, String>> bindings(ContainerConfig container) {
    return container.ports().stream()
        .filter(port -> port.name().equals(LINE))
        .findFirst()
        .map(port -> Map.of(LINE_CAPABILITY, values(port)))
        .orElse(Map.of());
  }

  private static Map<String, String> values(Port port) {
    String host = port.hostIp() == null || port.hostIp().isEmpty() ? "127.0.0.1" : port.hostIp();
    return Map.of("port", Integer.toString(port.containerPort()), "host", host);
  }
}
