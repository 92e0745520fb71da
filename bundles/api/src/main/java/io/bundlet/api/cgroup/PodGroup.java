package io.bundlet.api.cgroup;

import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.Resources;
import java.util.Objects;

/**
 * The group of a pod.
 *
 * @param owner the node that the pod belongs to; groups of other nodes are never touched
 * @param pod the pod
 * @param qosClass {@code Guaranteed}, {@code Burstable} or {@code BestEffort}; says below which group it stands
 * @param resources what the pod as a whole asks for and may use
 */
public record PodGroup(Owner owner, PodId pod, String qosClass, Resources resources) {
  public PodGroup {
    Objects.requireNonNull(owner);
    Objects.requireNonNull(pod);
    Objects.requireNonNull(qosClass);
    Objects.requireNonNull(resources);
  }
}
