package io.bundlet.cgroups;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The groups of threads of this process, below its own group. One call at a time. */
final class ThreadTree {
  private static final List<String> CPU = List.of("cpu");
  /** What a guest that asks for nothing counts: about as much as a thread of niceness 10. */
  private static final long LEAST_SHARES = 102;

  private final GroupFiles files;
  private final Optional<Hierarchy> cpu;

  ThreadTree(GroupFiles files, List<Hierarchy> hierarchies) {
    this.files = files;
    this.cpu = hierarchies.stream().filter(each -> each.has("cpu") && !each.own().isEmpty()).findFirst();
  }

  /** Why threads cannot be limited; empty: they can. */
  String problem() {
    if (cpu.isEmpty()) {
      return "no hierarchy of control groups with the controller cpu is mounted as a whole here";
    }
    Path own = cpu.get().ownGroup();
    if (!files.writable(own)) {
      return "the group " + own + " cannot be written by this process; run the node as root, or have the service"
          + " manager delegate it";
    }
    try {
      if (cpu.get().unified() && !List.of(files.read(own.resolve("cgroup.controllers")).split(" ")).contains("cpu")) {
        return "the group " + cpu.get().own() + " of the node's process is not given the controller cpu; have the"
            + " service manager delegate it (Delegate=yes)";
      }
      return "";
    } catch (IOException unreadable) {
      return "the group " + cpu.get().own() + " of the node's process cannot be read: " + unreadable.getMessage();
    }
  }

  /**
   * Puts a thread into its group, if that gives it anything that its niceness does not: to move a thread, the kernel
   * waits until all processors have looked up, which takes some 20 ms and holds up all others that are moved.
   *
   * @return whether it was moved
   */
  boolean join(PodGroup pod, String container, Resources limits, long thread) throws ProviderFailure, IOException {
    Hierarchy in = cpu.orElseThrow(() -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, problem()));
    if (pod.resources().cpuLimitMillis() <= 0 && limits.cpuLimitMillis() <= 0
        && GroupLimits.shares(limits.cpuRequestMillis()) <= LEAST_SHARES) {
      return false;
    }
    Path guests = guests(in, pod.owner());
    Path podGroup = guests.resolve(GroupNames.pod(pod.pod().uid()));
    Path group = podGroup.resolve(GroupNames.container(container));
    for (Path each : List.of(guests.getParent(), guests, podGroup, group)) {
      make(in, each);
    }
    GroupLimits write = new GroupLimits(files, in);
    write.quota(podGroup, CpuQuota.usual(pod.resources().cpuLimitMillis()));
    write.quota(group, CpuQuota.brief(limits.cpuLimitMillis()));
    write.threadShares(group, Math.max(LEAST_SHARES, GroupLimits.shares(limits.cpuRequestMillis())));
    files.write(group.resolve(threads(in)), Long.toString(thread));
    sum(in, podGroup);
    sum(in, guests);
    return true;
  }

  void leave(PodGroup pod, String container, long thread) throws ProviderFailure, IOException {
    if (cpu.isEmpty()) {
      return;
    }
    Hierarchy in = cpu.get();
    Path guests = guests(in, pod.owner());
    Path podGroup = guests.resolve(GroupNames.pod(pod.pod().uid()));
    Path group = podGroup.resolve(GroupNames.container(container));
    if (!files.exists(group)) {
      return;
    }
    files.write(in.ownGroup().resolve(threads(in)), Long.toString(thread));
    files.remove(group);
    if (!files.remove(podGroup)) {
      sum(in, podGroup);
    }
    if (!files.remove(guests)) {
      sum(in, guests);
    } else {
      files.remove(guests.getParent());
    }
  }

  boolean remove(Owner owner, String uid) throws ProviderFailure, IOException {
    if (cpu.isEmpty()) {
      return true;
    }
    Path pod = guests(cpu.get(), owner).resolve(GroupNames.pod(uid));
    return !files.exists(pod) || Emptying.remove(files, pod);
  }

  void removeEmpty(Owner owner) throws ProviderFailure, IOException {
    if (cpu.isPresent()) {
      Path guests = guests(cpu.get(), owner);
      files.remove(guests);
      files.remove(guests.getParent());
    }
  }

  Set<String> uids(Owner owner) throws ProviderFailure, IOException {
    Set<String> uids = new TreeSet<>();
    if (cpu.isPresent()) {
      for (Path pod : files.children(guests(cpu.get(), owner))) {
        String name = pod.getFileName().toString();
        if (name.startsWith(GroupNames.POD)) {
          uids.add(name.substring(GroupNames.POD.length()));
        }
      }
    }
    return uids;
  }

  private static Path guests(Hierarchy in, Owner owner) throws ProviderFailure {
    return in.ownGroup().resolve(GroupNames.node(owner)).resolve(GroupNames.GUESTS);
  }

  private static String threads(Hierarchy in) {
    return in.unified() ? "cgroup.threads" : "tasks";
  }

  /** In version 2 the groups of one process' threads say that they are such, and belong to the group above them. */
  private void make(Hierarchy in, Path group) throws IOException {
    files.make(group);
    if (in.unified()) {
      Path type = group.resolve("cgroup.type");
      if (!files.read(type).equals("threaded")) {
        files.write(type, "threaded");
      }
      Delegation.give(files, group.getParent(), CPU);
    }
  }

  /** A group counts as much as those in it. */
  private void sum(Hierarchy in, Path group) throws IOException {
    GroupLimits limits = new GroupLimits(files, in);
    long sum = 0;
    for (Path child : files.children(group)) {
      sum += limits.threadShares(child);
    }
    if (sum > 0) {
      limits.threadShares(group, sum);
    }
  }
}
