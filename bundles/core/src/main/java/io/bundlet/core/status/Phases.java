package io.bundlet.core.status;

import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.RestartPolicy;
import java.util.Collection;

/** The phase of a pod from its containers, as in the Kubernetes kubelet. */
public final class Phases {
  /** Not all containers run yet. */
  public static final String PENDING = "Pending";
  /** At least one container runs, or will run again. */
  public static final String RUNNING = "Running";
  /** All containers have ended well and none runs again. */
  public static final String SUCCEEDED = "Succeeded";
  /** All containers have ended, at least one badly, and none runs again. */
  public static final String FAILED = "Failed";

  private Phases() {}

  /** The phase of a pod that has not been ended by the node. */
  public static String of(Collection<ContainerSnapshot> containers, RestartPolicy policy) {
    int running = 0;
    int waiting = 0;
    int stopped = 0;
    int succeeded = 0;
    for (ContainerSnapshot container : containers) {
      if (container.kind() == Kind.RUNNING) {
        running++;
      } else if (container.kind() == Kind.TERMINATED) {
        stopped++;
        succeeded += container.exit().filter(exit -> exit.code() == 0).isPresent() ? 1 : 0;
      } else if (container.lastExit().isPresent()) {
        stopped++;
      } else {
        waiting++;
      }
    }
    if (waiting > 0) {
      return PENDING;
    }
    if (running > 0 || stopped == 0) {
      return running > 0 ? RUNNING : PENDING;
    }
    if (policy == RestartPolicy.Always) {
      return RUNNING;
    }
    if (stopped == succeeded) {
      return SUCCEEDED;
    }
    return policy == RestartPolicy.Never ? FAILED : RUNNING;
  }
}
