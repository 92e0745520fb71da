package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.ContainerUsageView;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.VolumeUsageView;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** What the machine and its pods use, as the kubelet's summary; what is not known is left out, never guessed. */
public final class Summary implements Endpoint {
  private final Neighbours neighbours;
  private final InstantSource clock;
  private final Json json = new Json();

  public Summary(Neighbours neighbours, InstantSource clock) {
    this.neighbours = neighbours;
    this.clock = clock;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    NodeAdmin node = neighbours.node.get();
    boolean all = exchange.first("only_cpu_and_memory").filter("true"::equals).isEmpty();
    List<Map<String, Object>> pods = new ArrayList<>();
    for (PodUsageView usage : node.usage()) {
      node.pod(usage.namespace() + "/" + usage.name()).ifPresent(pod -> pods.add(pod(pod, usage, all)));
    }
    json.answer(exchange, Map.of("node", node(node, all), "pods", pods));
  }

  private static Map<String, Object> node(NodeAdmin node, boolean all) {
    NodeView view = node.node();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("nodeName", view.name());
    told.put("systemContainers", List.of());
    told.put("startTime", Usage.text(view.startedAt()));
    node.nodeUsage().ifPresent(usage -> machine(told, usage, all));
    return told;
  }

  private static void machine(Map<String, Object> into, NodeUsageView usage, boolean all) {
    new Usage(usage.at()).cores(usage.cpuMillis()).put("usageCoreNanoSeconds", usage.cpuNanos()).into(into, "cpu");
    new Usage(usage.at()).put("availableBytes", usage.memoryAvailableBytes())
        .put("workingSetBytes", usage.memoryBytes()).into(into, "memory");
    if (all && usage.diskBytes().isPresent() && usage.diskAvailableBytes().isPresent()) {
      new Usage(usage.at()).put("availableBytes", usage.diskAvailableBytes())
          .put("capacityBytes", usage.diskBytes())
          .put("usedBytes", difference(usage.diskBytes(), usage.diskAvailableBytes()))
          .put("inodesFree", usage.inodesFree()).put("inodes", usage.inodes())
          .put("inodesUsed", difference(usage.inodes(), usage.inodesFree())).into(into, "fs");
    }
  }

  private static OptionalLong difference(OptionalLong all, OptionalLong free) {
    return all.isPresent() && free.isPresent()
        ? OptionalLong.of(Math.max(0, all.getAsLong() - free.getAsLong())) : OptionalLong.empty();
  }

  private Map<String, Object> pod(PodView pod, PodUsageView usage, boolean all) {
    Usage.Times times = Usage.Times.of(usage, clock);
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("podRef", Map.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()));
    pod.startedAt().ifPresent(at -> told.put("startTime", Usage.text(at)));
    told.put("containers", usage.containers().stream().map(container -> container(container, all)).toList());
    new Usage(times.runtime()).cores(usage.cpuMillis())
        .put("usageCoreNanoSeconds", sum(usage, ContainerUsageView::cpuNanos)).into(told, "cpu");
    new Usage(times.runtime()).put("workingSetBytes", usage.memoryBytes()).into(told, "memory");
    if (all) {
      told.put("volume", usage.volumes().stream().map(volume -> volume(volume, times)).toList());
      new Usage(times.now()).put("usedBytes", usage.diskBytes()).into(told, "ephemeral-storage");
    }
    return told;
  }

  /** Of all containers, if all are known: a part of a sum is no sum. */
  private static OptionalLong sum(PodUsageView pod, Function<ContainerUsageView, OptionalLong> what) {
    List<ContainerUsageView> containers = pod.containers();
    return !containers.isEmpty() && containers.stream().map(what).allMatch(OptionalLong::isPresent)
        ? OptionalLong.of(containers.stream().map(what).mapToLong(OptionalLong::getAsLong).sum())
        : OptionalLong.empty();
  }

  private static Map<String, Object> container(ContainerUsageView container, boolean all) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("name", container.name());
    container.startedAt().ifPresent(at -> told.put("startTime", Usage.text(at)));
    new Usage(container.at()).cores(container.cpuMillis()).put("usageCoreNanoSeconds", container.cpuNanos())
        .into(told, "cpu");
    new Usage(container.at()).put("workingSetBytes", container.memoryBytes()).into(told, "memory");
    if (all) {
      new Usage(container.at()).put("usedBytes", container.writtenBytes()).into(told, "rootfs");
      new Usage(container.at()).put("usedBytes", container.logBytes()).into(told, "logs");
    }
    return told;
  }

  private static Map<String, Object> volume(VolumeUsageView volume, Usage.Times times) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("time", Usage.text(times.now()));
    told.put("usedBytes", volume.bytes());
    told.put("inodesUsed", volume.inodes());
    told.put("name", volume.name());
    return told;
  }
}
