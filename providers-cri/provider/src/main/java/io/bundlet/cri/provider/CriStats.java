package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StatsPart;
import io.bundlet.cri.protocol.ContainerStatsFilter;
import io.bundlet.cri.protocol.FilesystemUsage;
import io.bundlet.cri.protocol.ListContainerStatsRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.UInt64Value;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** What the runtime says that its containers use, by ListContainerStats. */
final class CriStats implements StatsPart {
  private final Supplier<Connection> connection;

  CriStats(Supplier<Connection> connection) {
    this.connection = connection;
  }

  @Override
  public List<ContainerStats> stats(Owner owner) throws ProviderFailure {
    ListContainerStatsRequest request = ListContainerStatsRequest.newBuilder()
        .setFilter(ContainerStatsFilter.newBuilder().putAllLabelSelector(Inventory.of(owner))).build();
    return connection.get()
        .call(RuntimeServiceGrpc.getListContainerStatsMethod(), request, connection.get().ask(),
            "list what containers use")
        .getStatsList().stream()
        .filter(one -> !one.getAttributes().getId().isEmpty())
        .map(CriStats::stats).toList();
  }

  private static ContainerStats stats(io.bundlet.cri.protocol.ContainerStats from) {
    ContainerStats.Builder stats = ContainerStats.of(new ContainerId(from.getAttributes().getId()));
    set(from.getCpu().hasUsageCoreNanoSeconds(), from.getCpu().getUsageCoreNanoSeconds(), stats::cpuNanos);
    set(from.getMemory().hasWorkingSetBytes(), from.getMemory().getWorkingSetBytes(), stats::memoryBytes);
    FilesystemUsage written = from.getWritableLayer();
    set(written.hasUsedBytes(), written.getUsedBytes(), stats::diskBytes);
    set(written.hasInodesUsed(), written.getInodesUsed(), stats::inodes);
    return stats.build();
  }

  /** More than 63 bits is no amount of anything. */
  private static void set(boolean known, UInt64Value value, LongConsumer to) {
    if (known && value.getValue() >= 0) {
      to.accept(value.getValue());
    }
  }
}
