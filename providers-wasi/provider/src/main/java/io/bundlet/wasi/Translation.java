package io.bundlet.wasi;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.wasmprovider.Defaults;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** From a resolved container to what the wasm host runs. */
final class Translation {
  private Translation() {}

  /** What to run. */
  static GuestSpec guest(
      ContainerConfig container, PodAnnotations annotations, List<InetSocketAddress> listen, String engine, Path module,
      Defaults defaults) {
    List<String> arguments = arguments(container);
    return GuestSpec.command(
        engine, module, container.image().id(),
        annotations.withoutName() ? arguments.subList(1, arguments.size()) : arguments, defaults.limits(container))
        .stoppedBy(annotations.stopDirectory())
        .listeningAt(listen);
  }

  /** Where a container's guest listens, in the order of its ports. */
  static List<InetSocketAddress> addresses(ContainerConfig container, SandboxConfig pod) throws ProviderFailure {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (Port port : container.ports()) {
      // Admission has seen to that, unless the pod asks for sockets since.
      if (port.hostPort() < 1 || port.hostPort() != port.containerPort() || !port.protocol().equals("TCP")) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            pod.pod() + "/" + container.name() + ": port " + port.containerPort() + ": annotation "
                + PodAnnotations.SOCKETS + " wants ports for TCP with a hostPort that is the same; make the pod anew");
      }
      try {
        addresses.add(port.hostIp().isEmpty()
            ? new InetSocketAddress(port.hostPort())
            : new InetSocketAddress(InetAddress.ofLiteral(port.hostIp()), port.hostPort()));
      } catch (IllegalArgumentException e) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            pod.pod() + "/" + container.name() + ": port " + port.hostPort() + ": hostIP \"" + port.hostIp()
                + "\" is no address", e);
      }
    }
    return addresses;
  }

  /** The container with the environment that its guest sees. @param listens whether it gets its ports' sockets */
  static ContainerConfig environment(ContainerConfig container, boolean listens) {
    Map<String, String> env = new LinkedHashMap<>(container.env());
    if (!container.workingDir().isEmpty()) {
      // A guest has no working directory; libraries that want one read this.
      env.putIfAbsent("PWD", container.workingDir());
    }
    if (listens && !container.ports().isEmpty()) {
      // As sd_listen_fds(3) has it: so many, from number 3 on, with these names.
      env.put("LISTEN_FDS", Integer.toString(container.ports().size()));
      env.put("LISTEN_FDNAMES", container.ports().stream()
          .map(port -> port.name().isEmpty() ? "unknown" : port.name()).collect(Collectors.joining(":")));
    }
    if (env.equals(container.env())) {
      return container;
    }
    return ContainerConfig.of(container.name(), container.attempt(), container.image(), container.logPath())
        .command(container.command())
        .args(container.args())
        .workingDir(container.workingDir())
        .env(env)
        .mounts(container.mounts())
        .resources(container.resources())
        .ports(container.ports())
        .labels(container.labels())
        .annotations(container.annotations())
        .build();
  }

  /** Refuses mounts that are neither directories nor files: nothing else can be handed to a guest. */
  static void checkMounts(ContainerConfig container, SandboxConfig pod) throws ProviderFailure {
    for (Mount mount : container.mounts()) {
      if (!Files.isDirectory(mount.hostPath()) && !Files.isRegularFile(mount.hostPath())) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            pod.pod() + "/" + container.name() + ": mount " + mount.containerPath() + ": " + mount.hostPath()
                + (Files.exists(mount.hostPath())
                    ? " is neither a directory nor a regular file, and a WASI guest can be given nothing else"
                    : " does not exist"));
      }
    }
  }

  private static List<String> arguments(ContainerConfig container) {
    List<String> arguments = new ArrayList<>(container.command());
    if (arguments.isEmpty()) {
      String reference = container.image().reference();
      arguments.add(reference.substring(reference.lastIndexOf('/') + 1));
    }
    arguments.addAll(container.args());
    return arguments;
  }
}
