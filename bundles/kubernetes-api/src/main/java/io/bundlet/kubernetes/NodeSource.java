package io.bundlet.kubernetes;

import io.bundlet.api.runtime.Subscription;
import io.fabric8.kubernetes.api.model.Node;

/**
 * The node as it should stand in an API server. A service of the core.
 *
 * <p>While the core is exchanged there is none; whoever sends it on keeps the last one and goes on saying that the node
 * lives.
 */
public interface NodeSource {
  /**
   * The node now: name, labels, annotations, the taints for its registration, and the whole status without heartbeat
   * times. Returns at once.
   */
  Node node();

  /**
   * Hears when {@link #node} has changed.
   *
   * @param changed never blocks
   */
  Subscription watch(Runnable changed);
}
