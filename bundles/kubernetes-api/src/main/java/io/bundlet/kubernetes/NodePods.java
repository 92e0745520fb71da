package io.bundlet.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** The node's pods in Kubernetes' form, for those who show them. A service of the core. All methods return at once. */
public interface NodePods {
  /** All pods that the node has, with their statuses. */
  List<Pod> pods();

  /** Those of which something runs. */
  List<Pod> running();
}
