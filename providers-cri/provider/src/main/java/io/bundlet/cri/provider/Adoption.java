package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import java.util.Set;

/** Whether what holds a name was made by an earlier call with the same key and is still of use. Its labels matched. */
final class Adoption {
  private static final Set<ContainerState> USABLE =
      Set.of(ContainerState.CONTAINER_CREATED, ContainerState.CONTAINER_RUNNING);

  private Adoption() {}

  static boolean usable(PodSandbox sandbox, SandboxConfig config) {
    return sandbox.hasMetadata()
        && sandbox.getMetadata().getAttempt() == config.attempt()
        && sandbox.getState() == PodSandboxState.SANDBOX_READY
        && sandbox.getRuntimeHandler().equals(config.handler());
  }

  static boolean usable(Container container, SandboxId sandbox, ContainerConfig config) {
    return container.hasMetadata()
        && container.getMetadata().getName().equals(config.name())
        && container.getMetadata().getAttempt() == config.attempt()
        && container.getPodSandboxId().equals(sandbox.value())
        && USABLE.contains(container.getState());
  }
}
