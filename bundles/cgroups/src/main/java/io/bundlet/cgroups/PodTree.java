package io.bundlet.cgroups;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The groups of pods whose containers are processes, as Kubernetes lays them out. One call at a time. */
final class PodTree {
  /** What the node limits; runtimes make what they need of the others. */
  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

  private final GroupFiles files;
  private final List<Hierarchy> hierarchies;
  private final int processors;

  PodTree(GroupFiles files, List<Hierarchy> hierarchies, int processors) {
    this.files = files;
    this.hierarchies = List.copyOf(hierarchies);
    this.processors = processors;
  }

  /** Why no group can be made; empty: they can. */
  String problem() {
    for (String controller : List.of("cpu", "memory")) {
      if (hierarchies.stream().noneMatch(each -> each.has(controller) && !each.own().isEmpty())) {
        return "no hierarchy of control groups with the controller " + controller + " is mounted as a whole here";
      }
    }
    for (Hierarchy each : hierarchies) {
      if (CONTROLLERS.stream().anyMatch(each::has) && !files.writable(each.top())) {
        return "no groups can be made in " + each.top() + " by this process; run the node as root";
      }
    }
    return "";
  }

  /** Makes or changes a pod's group. @return its path in each hierarchy */
  String make(PodGroup pod) throws ProviderFailure, IOException {
    List<String> names = new ArrayList<>(List.of(GroupNames.node(pod.owner()), GroupNames.KUBEPODS));
    String qos = GroupNames.qos(pod.qosClass());
    if (!qos.isEmpty()) {
      names.add(qos);
    }
    names.add(GroupNames.pod(pod.pod().uid()));
    for (Hierarchy each : hierarchies) {
      List<String> controllers = CONTROLLERS.stream().filter(each::has).toList();
      if (!controllers.isEmpty()) {
        limit(each, made(each, names, controllers), pod.resources());
        if (each.has("cpu")) {
          aboveThem(each, pod.owner());
        }
      }
    }
    return "/" + String.join("/", names);
  }

  private Path made(Hierarchy in, List<String> names, List<String> controllers) throws IOException {
    Path group = in.top();
    for (String name : names) {
      if (in.unified()) {
        Delegation.give(files, group, controllers);
      }
      group = group.resolve(name);
      files.make(group);
    }
    return group;
  }

  private void limit(Hierarchy in, Path group, Resources resources) throws IOException {
    GroupLimits limits = new GroupLimits(files, in);
    if (in.has("cpu")) {
      limits.shares(group, GroupLimits.shares(resources.cpuRequestMillis()));
      limits.quota(group, CpuQuota.usual(resources.cpuLimitMillis()));
    }
    if (in.has("memory")) {
      limits.memory(group, resources.memoryLimitBytes());
    }
  }

  /** All pods together count as much as the machine has processors; those of the middle class as much as they ask. */
  private void aboveThem(Hierarchy in, Owner owner) throws ProviderFailure, IOException {
    GroupLimits limits = new GroupLimits(files, in);
    Path node = in.top().resolve(GroupNames.node(owner));
    Path kubepods = node.resolve(GroupNames.KUBEPODS);
    limits.shares(node, processors * 1024L);
    limits.shares(kubepods, processors * 1024L);
    for (String qos : GroupNames.CLASSES) {
      Path group = kubepods.resolve(qos);
      if (!qos.isEmpty() && files.exists(group)) {
        long sum = 0;
        for (Path pod : qos.equals("burstable") ? pods(group) : List.<Path>of()) {
          sum += limits.sharesOf(pod);
        }
        limits.shares(group, sum);
      }
    }
  }

  /** Removes what is left of a pod, in every hierarchy: runtimes leave the groups in which they made theirs. */
  boolean remove(Owner owner, String uid) throws ProviderFailure, IOException {
    String node = GroupNames.node(owner);
    String pod = GroupNames.pod(uid);
    boolean none = true;
    for (Hierarchy each : hierarchies) {
      boolean removed = false;
      for (String qos : GroupNames.CLASSES) {
        Path group = each.top().resolve(node).resolve(GroupNames.KUBEPODS).resolve(qos).resolve(pod);
        if (files.exists(group)) {
          none &= Emptying.remove(files, group);
          removed = true;
        }
      }
      if (removed && each.has("cpu")) {
        aboveThem(each, owner);
      }
    }
    return none;
  }

  /** Removes the groups above pods when there are no pods. */
  void removeEmpty(Owner owner) throws ProviderFailure, IOException {
    for (Hierarchy each : hierarchies) {
      Path kubepods = each.top().resolve(GroupNames.node(owner)).resolve(GroupNames.KUBEPODS);
      for (String qos : GroupNames.CLASSES.reversed()) {
        files.remove(kubepods.resolve(qos));
      }
      files.remove(kubepods.getParent());
    }
  }

  Set<String> uids(Owner owner) throws ProviderFailure, IOException {
    Set<String> uids = new TreeSet<>();
    for (Hierarchy each : hierarchies) {
      Path kubepods = each.top().resolve(GroupNames.node(owner)).resolve(GroupNames.KUBEPODS);
      for (String qos : GroupNames.CLASSES) {
        for (Path pod : pods(kubepods.resolve(qos))) {
          uids.add(pod.getFileName().toString().substring(GroupNames.POD.length()));
        }
      }
    }
    return uids;
  }

  private List<Path> pods(Path group) throws IOException {
    return files.children(group).stream()
        .filter(child -> child.getFileName().toString().startsWith(GroupNames.POD)).toList();
  }
}
