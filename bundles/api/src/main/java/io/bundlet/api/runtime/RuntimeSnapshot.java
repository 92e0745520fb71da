package io.bundlet.api.runtime;

import java.util.List;

/**
 * Everything that a runtime holds for one owner at one moment.
 *
 * @param sandboxes all sandboxes, ready or not
 * @param containers all containers, in any state
 */
public record RuntimeSnapshot(List<SandboxStatus> sandboxes, List<ContainerStatus> containers) {
  public RuntimeSnapshot {
    sandboxes = List.copyOf(sandboxes);
    containers = List.copyOf(containers);
  }
}
