package io.bundlet.core.dispatch;

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

/** Removes sandboxes that are the node's own and belong to no pod that it knows. */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  private final NodeServices node;
  private final Runnable whenRemoved;
  private final Set<SandboxId> underWay = ConcurrentHashMap.newKeySet();
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
      if (underWay.add(orphan.id())) {
        LOG.warn("sandbox {} of pod {} ({}) belongs to no pod of this node any more and is removed", orphan.id(),
            orphan.pod(), orphan.pod().uid());
        remove(provider, orphan.id());
      }
    }
  }

  private void remove(String provider, SandboxId sandbox) {
    ProviderWork<SandboxId> removal =
        runtime -> {
          try {
            runtime.stopSandbox(sandbox);
            runtime.removeSandbox(sandbox);
            left.getOrDefault(provider, Map.of()).remove(sandbox);
            return sandbox;
          } catch (ProviderFailure failed) {
            LOG.warn("orphan sandbox {} is not removed yet: {}", sandbox, failed.getMessage());
            throw failed;
          }
        };
    node.providers().named(provider)
        .ifPresentOrElse(
            handle -> handle.call("remove-orphan", removal, () -> {
              underWay.remove(sandbox);
              whenRemoved.run();
            }),
            () -> underWay.remove(sandbox));
  }
}
