package io.bundlet.core.pod;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.cgroup.PodGroups;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.store.ContainerRecord;
import java.util.Optional;

/** The pod's control group. Belongs to the pod's worker; {@link #parent} is for all threads. */
final class PodCgroup {
  private static final String CANNOT_BE_MADE = "FailedCreatePodContainer";
  private static final String NOT_ENFORCED = "CPULimitNotEnforced";

  private final PodContext pod;
  private volatile String parent = "";
  private Resources given = Resources.NONE;

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
    if (pod.handlerHas(RuntimeStatus.IN_PROCESS)) {
      String problem = groups.support().threads();
      if (!problem.isEmpty() && limited()) {
        pod.events().event(
            "", EventSink.WARNING, NOT_ENFORCED, "The limits of processor time do not hold on this node: " + problem);
      }
      return;
    }
    if (pod.handlerHas(RuntimeStatus.OWN_GROUPS)) {
      return;
    }
    Resources resources = resources();
    try {
      parent =
          groups.make(new PodGroup(pod.node().owner(), pod.plan().id(), pod.plan().qosClass(), resources));
      given = resources;
    } catch (ProviderFailure failure) {
      pod.events().event(
          "", EventSink.WARNING, CANNOT_BE_MADE, "unable to ensure pod container exists: " + failure.getMessage());
    }
  }

  /** Gives it what the pod's containers have or are to get, if that has become something else. */
  void follow() throws ProviderFailure, InterruptedException {
    if (!parent.isEmpty() && !resources().equals(given)) {
      make();
    }
  }

  /**
   * The pod's own, and what running containers still have beyond it: the kernel gives no group less than those below
   * it have.
   */
  private Resources resources() throws ProviderFailure {
    Resources all = EffectiveResources.group(pod.plan().pod().getSpec());
    for (PodContainers.Member member : pod.plan().all().all()) {
      Optional<Resources> has = has(member);
      if (has.isPresent()) {
        all = withExcess(all, has.get(), wanted(member));
      }
    }
    return all;
  }

  /** What a container may use that may be running; empty: not known, or it is not running. */
  private Optional<Resources> has(PodContainers.Member member) {
    ContainerRecord record = pod.record().container(member.name());
    return record.mayRun() ? record.instance().resources() : Optional.empty();
  }

  private Resources wanted(PodContainers.Member member) throws ProviderFailure {
    return EffectiveResources.container(member.container(), pod.plan().path(member.container()));
  }

  private static Resources withExcess(Resources all, Resources has, Resources wanted) {
    return new Resources(
        all.cpuRequestMillis() + Math.max(0, has.cpuRequestMillis() - wanted.cpuRequestMillis()),
        limit(all.cpuLimitMillis(), has.cpuLimitMillis(), wanted.cpuLimitMillis()),
        all.memoryRequestBytes() + Math.max(0, has.memoryRequestBytes() - wanted.memoryRequestBytes()),
        limit(all.memoryLimitBytes(), has.memoryLimitBytes(), wanted.memoryLimitBytes()));
  }

  /** 0 is no limit. */
  private static long limit(long all, long has, long wanted) {
    boolean unlimited = all == 0 || has == 0 && wanted > 0;
    return unlimited ? 0 : all + Math.max(0, has - wanted);
  }

  /** Whether a running container has something else than it is to have. */
  boolean unsettled() {
    try {
      for (PodContainers.Member member : pod.plan().all().all()) {
        Optional<Resources> has = has(member);
        if (has.isPresent() && !has.get().equals(wanted(member))) {
          return true;
        }
      }
      return false;
    } catch (ProviderFailure noAmounts) {
      return false;
    }
  }

  /** What ran in it is gone. */
  void remove() {
    parent = "";
    pod.node().groups().remove(pod.node().owner(), pod.plan().id().uid());
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
