package io.bundlet.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * Takes what the node says of its pods: the way back to an API server. A service; there may be none. When one comes, it
 * is told of all pods that there are. Calls come one at a time and never block; who sends the reports on keeps the
 * latest of each pod.
 */
public interface PodStatusSink {
  /** A pod is now like this; what was said of it before does not count any more. */
  void status(PodReport report);

  /**
   * Nothing of a pod is left on this node, so that its source may forget it. Told after the pod's last report; of a pod
   * that is wanted with a deletion time but was never begun, without one; again when it is still wanted.
   *
   * @param source the name of the source that wants the pod
   */
  void gone(String source, Pod pod);
}
