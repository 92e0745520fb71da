package io.bundlet.core.node;

import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.core.eviction.EvictionManager;
import io.bundlet.core.pod.EndRequest;
import io.bundlet.core.time.NodeTime;
import io.bundlet.core.usage.NodeUsage;
import io.bundlet.core.usage.PodUse;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The node's pods, for whoever ends them because the node runs short of something. */
record EvictablePods(PodDispatcher dispatcher, NodeUsage usage, NodeTime time) implements EvictionManager.Pods {
  /** What is short is short now. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  @Override
  public List<Pod> active() {
    return dispatcher.active();
  }

  @Override
  public Optional<PodUse> use(String uid) {
    return usage.of(uid);
  }

  @Override
  public void evict(String uid, String message) {
    dispatcher.endPod(uid, EndRequest.disrupted(EvictionManager.EVICTED, message, time.now(), GRACE));
  }
}
