package io.bundlet.core.node;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.ResourceView;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.admission.NodeFit;
import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.core.eviction.EvictionManager;
import io.bundlet.core.eviction.KernelSignals;
import io.bundlet.core.eviction.PressureConditions;
import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.NodeCapacity;
import io.bundlet.core.machine.NodeLimits;
import io.bundlet.core.machine.Threshold;
import io.bundlet.core.metrics.MachineUse;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import io.bundlet.core.usage.NodeUsage;
import io.bundlet.core.usage.RuntimeStats;
import io.bundlet.core.usage.UsageViews;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** How much room the node has for pods: measured, promised, and kept free. For all threads. */
final class NodeRoom {
  private final NodeTime time;
  private final ProviderRegistry providers;
  private final Supplier<NodeConfig> config;
  private final PressureConditions pressure;
  private final NodeFit fit;
  private volatile Machine machine;
  private volatile NodeCapacity capacity = NodeCapacity.NONE;
  private volatile Map<String, Long> extended = Map.of();
  private volatile List<Threshold> thresholds = List.of();
  private EvictionManager eviction;
  private volatile NodeUsage usage;
  private volatile MachineUse machineUse;

  NodeRoom(NodeTime time, ProviderRegistry providers, Supplier<NodeConfig> config) {
    this.time = time;
    this.providers = providers;
    this.config = config;
    this.pressure =
        new PressureConditions(time, () -> Duration.ofSeconds(config.get().eviction_transition_seconds()));
    this.fit =
        new NodeFit(
            this::whole, () -> providers.handlersWith(RuntimeStatus.HOST_ADDRESSES), pressure::present);
  }

  /** Looks at the machine. @return what is wrong with the settings, for people */
  List<String> measure(Path data) {
    machine = Machine.of(data);
    return settings();
  }

  /** Takes the present settings. @return what is wrong with them, for people; empty before the machine is known */
  List<String> settings() {
    if (machine == null) {
      return List.of();
    }
    NodeConfig now = config.get();
    NodeLimits limits =
        NodeLimits.of(now.system_reserved(), now.kube_reserved(), now.eviction_hard(), now.max_pods());
    capacity = NodeCapacity.of(machine, limits);
    thresholds = limits.eviction();
    return limits.problems();
  }

  /** Ends pods from now on when the node is short of something. @param unused goes before them */
  void keep(Path data, PodDispatcher pods, Owner owner, EvictionManager.Unused unused) {
    KernelSignals signals = new KernelSignals(data);
    machineUse = new MachineUse(Path.of("/proc/stat"), signals, time);
    usage = new NodeUsage(time, new RuntimeStats(time, providers, owner), pods::measured, pods::measured);
    eviction =
        new EvictionManager(
            time, signals, () -> thresholds, pressure, unused, new EvictablePods(pods, usage, time));
    usage.begin();
    eviction.begin();
  }

  /** Ends no more pods. Waits some seconds at most. */
  void end() throws InterruptedException {
    if (eviction != null) {
      eviction.end();
      usage.end();
    }
  }

  NodeFit fit() {
    return fit;
  }

  Map<String, Quantity> allocatable() {
    return whole().allocatableQuantities();
  }

  Map<String, Quantity> capacity() {
    return whole().capacityQuantities();
  }

  /** Other bundles have these resources for pods, too. */
  void extended(Map<String, Long> resources) {
    extended = Map.copyOf(resources);
  }

  private NodeCapacity whole() {
    return capacity.with(extended);
  }

  /** In bytes. */
  long memory() {
    return machine.memoryBytes();
  }

  List<ResourceView> resources() {
    return whole().views(fit.requested());
  }

  /** What those of these pods use that run. */
  List<PodUsageView> usage(List<PodView> pods) {
    NodeUsage now = usage;
    return now == null ? List.of()
        : pods.stream().flatMap(pod -> now.of(pod.uid()).map(use -> UsageViews.of(pod, use)).stream()).toList();
  }

  /** What everything on the machine uses. */
  Optional<NodeUsageView> machineUsage() {
    return Optional.ofNullable(machineUse).map(MachineUse::now);
  }

  List<ConditionView> conditions() {
    return pressure.views();
  }
}
