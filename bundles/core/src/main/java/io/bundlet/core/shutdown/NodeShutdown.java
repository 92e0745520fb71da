package io.bundlet.core.shutdown;

import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.NodeTime;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the node's pods, group by group. The words are those of the Kubernetes kubelet. */
public final class NodeShutdown extends Inbox {
  /** The reason in the status of a pod that was ended. */
  public static final String TERMINATED = "Terminated";
  /** The message beside it. */
  public static final String MESSAGE = "Pod was terminated in response to imminent node shutdown.";

  private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  /** For the runtime to end by force what did not end in time, and to tell it. */
  private static final Duration SLACK = Duration.ofSeconds(4);

  /** The pods of the node. */
  public interface Pods {
    /** Those of which something runs; returns at once. */
    List<Pod> running();

    /** Has a pod end, with its own grace but no longer than this; returns at once. */
    void end(String uid, Duration grace);
  }

  private final NodeTime time;
  private final Pods pods;

  public NodeShutdown(NodeTime time, Pods pods) {
    super(time);
    this.time = time;
    this.pods = pods;
  }

  /**
   * Ends them all; blocks until nothing runs, and no longer than the groups' graces and little more.
   */
  public void run(ShutdownPlan plan) throws InterruptedException {
    for (int i = 0; i < plan.groups().size(); i++) {
      ShutdownPlan.Group group = plan.groups().get(i);
      Set<String> uids = members(plan, i);
      if (uids.isEmpty()) {
        continue;
      }
      LOG.warn("the node is shut down: {} pods of priority {} and more end within {}", uids.size(), group.priority(),
          group.grace());
      uids.forEach(uid -> pods.end(uid, group.grace()));
      long untilNanos = time.after(group.grace().plus(SLACK));
      while (!uids.isEmpty() && time.nanos() - untilNanos < 0) {
        await(() -> false, time.after(LOOK));
        uids.retainAll(members(plan, i));
      }
      if (!uids.isEmpty()) {
        LOG.warn("{} pods of priority {} and more have not ended in time", uids.size(), group.priority());
      }
    }
  }

  private Set<String> members(ShutdownPlan plan, int group) {
    return pods.running().stream()
        .filter(pod -> plan.group(Objects.requireNonNullElse(pod.getSpec().getPriority(), 0)) == group)
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }
}
