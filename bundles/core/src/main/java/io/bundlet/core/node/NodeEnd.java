package io.bundlet.core.node;

import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.core.shutdown.NodeShutdown;
import io.bundlet.core.shutdown.ShutdownPlan;
import io.bundlet.core.time.NodeTime;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What the node does when the machine ends. */
record NodeEnd(NodeTime time, NodeRoom room, Supplier<NodeConfig> config) {
  /** What people are told meanwhile. */
  static final String TOLD = "the node is shutting down; it takes no more pods";

  /** What the present settings say. */
  ShutdownPlan plan() {
    NodeConfig now = config.get();
    return ShutdownPlan.of(
        now.shutdown_grace_seconds(), now.shutdown_grace_critical_seconds(), now.shutdown_grace_by_priority());
  }

  /**
   * Ends the pods, if the configuration says so. Blocks until they have ended or their time is over; an interrupt
   * leaves the rest as it is.
   *
   * @param of the node's pods; null while it starts
   * @param begun called before the first is ended
   * @return whether pods were to be ended
   */
  boolean call(PodDispatcher of, Runnable begun) throws InterruptedException {
    ShutdownPlan plan = plan();
    if (of == null || plan.groups().isEmpty()) {
      return false;
    }
    begun.run();
    room.fit().close();
    new NodeShutdown(
        time,
        new NodeShutdown.Pods() {
          @Override
          public List<Pod> running() {
            return of.running();
          }

          @Override
          public void end(String uid, Duration grace) {
            of.shutDown(uid, grace);
          }
        }).run(plan);
    return true;
  }
}
