package io.bundlet.wascc.provider;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.GuestSpec;
import java.nio.file.Path;
import java.util.Map;

/** From a resolved container to the actor that the wasm host runs. */
final class Translation {
  /** The protocol that actors speak. */
  static final String PROTOCOL = "wapc";
  /** The pod's annotation that chooses an engine. */
  static final String ENGINE = "bundlet.io/engine";
  /** The name of a port that is served by the line capability. */
  static final String LINE = "line";

  private static final String LINE_CAPABILITY = "bundlet:line";

  private Translation() {}

  /** What to run. @param engine the engine if the pod does not choose. @param memory bytes if the container has no limit */
  static GuestSpec guest(ContainerConfig container, SandboxConfig pod, Path module, String engine, long memory) {
    long limit = container.resources().memoryLimitBytes() > 0 ? container.resources().memoryLimitBytes() : memory;
    CompileLimits most = CompileLimits.DEFAULT;
    CompileLimits limits =
        new CompileLimits(most.moduleBytes(), Math.min(limit, most.memoryBytes()), most.tableElements());
    String chosen = pod.annotations().getOrDefault(ENGINE, engine);
    return GuestSpec.actor(chosen, module, container.image().id(), PROTOCOL, limits, bindings(container));
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
