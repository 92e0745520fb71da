package io.bundlet.core.fake;

import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.cgroup.GroupSupport;
import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Control groups that are entries of a map. */
public final class FakeGroups implements ControlGroups {
  /** The groups that there are, by uid. */
  public final Map<String, PodGroup> groups = new ConcurrentHashMap<>();
  public volatile GroupSupport support = new GroupSupport("", "");
  public volatile boolean refuses;

  @Override
  public GroupSupport support() {
    return support;
  }

  @Override
  public String makePod(PodGroup pod) throws ProviderFailure {
    if (refuses) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the kernel refuses");
    }
    groups.put(pod.pod().uid(), pod);
    return "/test/" + pod.qosClass() + "/" + pod.pod().uid();
  }

  @Override
  public void join(PodGroup pod, String container, Resources limits, long thread) {
    throw new AssertionError("the core has no threads of guests");
  }

  @Override
  public void leave(PodGroup pod, String container, long thread) {
    throw new AssertionError("the core has no threads of guests");
  }

  @Override
  public boolean removePod(Owner owner, String podUid) {
    groups.remove(podUid);
    return true;
  }

  @Override
  public Set<String> pods(Owner owner) {
    return new TreeSet<>(groups.keySet());
  }
}
