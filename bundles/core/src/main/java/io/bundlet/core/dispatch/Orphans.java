package io.bundlet.core.dispatch;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.provider.ProviderWork;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is the node's own and belongs to no pod that it knows, and what its pods have had before what they have
 * now: calls whose answers were lost may have made it, or its removal has failed.
 */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  private final NodeServices node;
  private final Runnable whenRemoved;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  /** Those that are there, each with its pod's uid, by the name of the provider. */
  private final Map<String, Map<SandboxId, String>> left = new ConcurrentHashMap<>();

  /** @param whenRemoved called whenever one is gone */
  Orphans(NodeServices node, Runnable whenRemoved) {
    this.node = node;
    this.whenRemoved = whenRemoved;
  }

  /** A provider has listed: these, and no others, are there. */
  void listed(String provider, List<SandboxStatus> orphans) {
    left.put(provider, new ConcurrentHashMap<>(orphans.stream().collect(
        Collectors.toMap(SandboxStatus::id, orphan -> orphan.pod().uid(), (one, same) -> one))));
  }

  /** Whether it is known that of a pod that the node does not know nothing is left in any provider. */
  boolean nothingOf(String uid) {
    return node.providers().allListed() && left.values().stream().noneMatch(all -> all.containsValue(uid));
  }

  /** Starts to remove them; what fails is tried again after the provider's next list. */
  void remove(String provider, List<SandboxStatus> orphans) {
    for (SandboxStatus orphan : orphans) {
      SandboxId sandbox = orphan.id();
      String what = "sandbox " + sandbox + " of pod " + orphan.pod() + " (" + orphan.pod().uid() + ")";
      remove(provider, sandbox.value(), what, runtime -> {
        runtime.stopSandbox(sandbox);
        runtime.removeSandbox(sandbox);
        left.getOrDefault(provider, Map.of()).remove(sandbox);
        return true;
      });
    }
  }

  /** Starts to remove containers that have others in their places. */
  void removeContainers(String provider, List<ContainerStatus> superseded) {
    for (ContainerStatus container : superseded) {
      String what = "container " + container.id() + ", which was " + container.name() + " of pod " + container.pod();
      remove(provider, container.id().value(), what, runtime -> {
        runtime.removeContainer(container.id());
        return true;
      });
    }
  }

  private void remove(String provider, String id, String what, ProviderWork<Boolean> removal) {
    if (!underWay.add(id)) {
      return;
    }
    LOG.warn("{} is nobody's any more and is removed", what);
    ProviderWork<Boolean> told =
        runtime -> {
          try {
            return removal.with(runtime);
          } catch (ProviderFailure failed) {
            LOG.warn("{} is not removed yet: {}", what, failed.getMessage());
            throw failed;
          }
        };
    node.providers().named(provider)
        .ifPresentOrElse(
            handle -> handle.call("remove-orphan", told, () -> {
              underWay.remove(id);
              whenRemoved.run();
            }),
            () -> underWay.remove(id));
  }
}
