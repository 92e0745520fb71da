package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The full statuses that the runtime has given. Each is good as long as a list shows its sandbox or container in the
 * same state, so that lists need not ask for it again. May be used by several threads.
 */
final class Seen {
  private record Sandbox(Owner owner, PodSandboxState state, SandboxStatus status) {}

  private record One(Owner owner, ContainerState state, ContainerStatus status) {}

  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Map<String, One> containers = new ConcurrentHashMap<>();

  void put(Owner owner, PodSandbox listed, SandboxStatus status) {
    sandboxes.put(listed.getId(), new Sandbox(owner, listed.getState(), status));
  }

  void put(Owner owner, Container listed, ContainerStatus status) {
    containers.put(listed.getId(), new One(owner, listed.getState(), status));
  }

  Optional<SandboxStatus> of(PodSandbox listed) {
    return Optional.ofNullable(sandboxes.get(listed.getId()))
        .filter(seen -> seen.state() == listed.getState()).map(Sandbox::status);
  }

  Optional<ContainerStatus> of(Container listed) {
    return Optional.ofNullable(containers.get(listed.getId()))
        .filter(seen -> seen.state() == listed.getState()).map(One::status);
  }

  /** This owner's sandboxes that are not among these. */
  Set<String> sandboxesBeside(Set<String> ids, Owner owner) {
    Set<String> others = new HashSet<>();
    sandboxes.forEach((id, seen) -> {
      if (!ids.contains(id) && seen.owner().equals(owner)) {
        others.add(id);
      }
    });
    return others;
  }

  /** This owner's containers that are not among these. */
  Set<String> containersBeside(Set<String> ids, Owner owner) {
    Set<String> others = new HashSet<>();
    containers.forEach((id, seen) -> {
      if (!ids.contains(id) && seen.owner().equals(owner)) {
        others.add(id);
      }
    });
    return others;
  }

  /** It is gone. */
  void forget(String id) {
    sandboxes.remove(id);
    containers.remove(id);
  }
}
