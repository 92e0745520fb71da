package io.bundlet.core.usage;

import io.bundlet.api.admin.ContainerUsageView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.VolumeUsageView;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What pods use, for those who look on. */
public final class UsageViews {
  private UsageViews() {}

  /** Of one pod. */
  public static PodUsageView of(PodView pod, PodUse use) {
    List<ContainerUsageView> containers =
        Stream.of(pod.containers(), pod.initContainers(), pod.ephemeralContainers()).flatMap(List::stream)
            .filter(container -> use.containers().containsKey(container.name()))
            .map(container -> container(container, use.containers().get(container.name()), use)).toList();
    List<VolumeUsageView> volumes =
        use.disk().stream().flatMap(disk -> disk.volumes().entrySet().stream())
            .filter(volume -> !volume.getValue().unmeasurable())
            .sorted(Map.Entry.comparingByKey())
            .map(each -> new VolumeUsageView(each.getKey(), each.getValue().bytes(), each.getValue().inodes()))
            .toList();
    return new PodUsageView(
        pod.namespace(), pod.name(), use.cpuMillis(), use.memoryBytes(), use.diskBytes(), containers, volumes);
  }

  private static ContainerUsageView container(ContainerView container, ContainerUse use, PodUse pod) {
    Long log = pod.disk().map(disk -> disk.logBytes().get(container.name())).orElse(null);
    return new ContainerUsageView(
        container.name(), container.startedAt(), use.at(), use.cpuNanos(), use.cpuMillis(), use.memoryBytes(),
        use.diskBytes(), log == null ? OptionalLong.empty() : OptionalLong.of(log));
  }
}
