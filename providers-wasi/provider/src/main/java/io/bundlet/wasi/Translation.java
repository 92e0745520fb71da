package io.bundlet.wasi;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.wasmprovider.Defaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From a resolved container to what the wasm host runs. */
final class Translation {
  private Translation() {}

  /** What to run. */
  static GuestSpec guest(
      ContainerConfig container, PodAnnotations annotations, String engine, Path module, Defaults defaults) {
    List<String> arguments = arguments(container);
    return GuestSpec.command(
        engine, module, container.image().id(),
        annotations.withoutName() ? arguments.subList(1, arguments.size()) : arguments, defaults.limits(container))
        .stoppedBy(annotations.stopDirectory());
  }

  /** The container with the environment that its guest sees. */
  static ContainerConfig environment(ContainerConfig container) {
    if (container.workingDir().isEmpty() || container.env().containsKey("PWD")) {
      return container;
    }
    Map<String, String> env = new LinkedHashMap<>(container.env());
    // A guest has no working directory; libraries that want one read this.
    env.put("PWD", container.workingDir());
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
