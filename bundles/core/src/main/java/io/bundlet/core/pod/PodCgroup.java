package io.bundlet.core.pod;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.cgroup.PodGroups;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.resources.EffectiveResources;

/** The pod's control group. Belongs to the pod's worker; {@link #parent} is for all threads. */
final class PodCgroup {
  private static final String CANNOT_BE_MADE = "FailedCreatePodContainer";
  private static final String NOT_ENFORCED = "CPULimitNotEnforced";

  private final PodContext pod;
  private volatile String parent = "";

  PodCgroup(PodContext pod) {
    this.pod = pod;
  }

  /** Where the containers' groups go; empty: where the runtime puts them. */
  String parent() {
    return parent;
  }

  /** Makes it, or gives it the pod's limits. What cannot be done is told on the pod, which goes on without. */
  void make() throws ProviderFailure, InterruptedException {
    PodGroups groups = pod.node().groups();
    if (provider(RuntimeStatus.IN_PROCESS)) {
      String problem = groups.support().threads();
      if (!problem.isEmpty() && limited()) {
        pod.events().event(
            "", EventSink.WARNING, NOT_ENFORCED, "The limits of processor time do not hold on this node: " + problem);
      }
      return;
    }
    if (provider(RuntimeStatus.OWN_GROUPS)) {
      return;
    }
    try {
      parent =
          groups.make(
              new PodGroup(
                  pod.node().owner(), pod.plan().id(), pod.plan().qosClass(),
                  EffectiveResources.group(pod.plan().pod().getSpec())));
    } catch (ProviderFailure failure) {
      pod.events().event(
          "", EventSink.WARNING, CANNOT_BE_MADE, "unable to ensure pod container exists: " + failure.getMessage());
    }
  }

  /** What ran in it is gone. */
  void remove() {
    parent = "";
    pod.node().groups().remove(pod.node().owner(), pod.plan().id().uid());
  }

  /** What is said of the pod's handler; of the one without a name, what is said of any. */
  private boolean provider(String feature) {
    String handler = pod.record().handler();
    return pod.provider().stream()
        .flatMap(handle -> handle.status().handlers().entrySet().stream())
        .anyMatch(each -> (handler.isEmpty() || handler.equals(each.getKey())) && each.getValue().contains(feature));
  }

  private boolean limited() throws ProviderFailure {
    for (PodContainers.Member member : pod.plan().all().all()) {
      if (EffectiveResources.container(member.container(), pod.plan().path(member.container())).cpuLimitMillis() > 0) {
        return true;
      }
    }
    return false;
  }
}
