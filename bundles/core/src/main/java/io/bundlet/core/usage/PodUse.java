package io.bundlet.core.usage;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What a pod uses.
 *
 * @param containers by name, those of whom their runtime has told
 * @param disk what it takes of the disk; empty until it was measured once
 */
public record PodUse(Map<String, ContainerUse> containers, java.util.Optional<DiskUse> disk) {
  public PodUse {
    containers = Map.copyOf(containers);
  }

  /** The working sets of its containers; empty when nothing is known of any. */
  public OptionalLong memoryBytes() {
    return sum(ContainerUse::memoryBytes);
  }

  /** Thousandths of a processor. */
  public OptionalLong cpuMillis() {
    return sum(ContainerUse::cpuMillis);
  }

  private OptionalLong sum(Function<ContainerUse, OptionalLong> what) {
    long[] known = containers.values().stream().map(what).filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong).toArray();
    return known.length == 0 ? OptionalLong.empty() : OptionalLong.of(java.util.Arrays.stream(known).sum());
  }

  /** Its ephemeral storage: volumes on the node's disk, logs, and what containers write beside them. */
  public OptionalLong diskBytes() {
    return disk.isEmpty() ? OptionalLong.empty()
        : OptionalLong.of(
            disk.get().volumes().values().stream().filter(VolumeUse::onDisk).mapToLong(VolumeUse::bytes).sum()
            + disk.get().logBytes().values().stream().mapToLong(Long::longValue).sum()
            + sum(ContainerUse::diskBytes).orElse(0));
  }

  /** The files of that. */
  public OptionalLong inodes() {
    return disk.isEmpty() ? OptionalLong.empty()
        : OptionalLong.of(
            disk.get().volumes().values().stream().filter(VolumeUse::onDisk).mapToLong(VolumeUse::inodes).sum()
            + disk.get().logInodes() + sum(ContainerUse::inodes).orElse(0));
  }

  /** Whether there is a volume on the node's disk that cannot be measured. */
  public boolean unmeasurable() {
    return disk.filter(known -> known.volumes().values().stream().anyMatch(one -> one.onDisk() && one.unmeasurable()))
        .isPresent();
  }

  /** A container's ephemeral storage: what it writes beside volumes, and its log; empty when neither is known. */
  public OptionalLong diskBytes(String container) {
    OptionalLong written =
        containers.containsKey(container) ? containers.get(container).diskBytes() : OptionalLong.empty();
    Long log = disk.map(known -> known.logBytes().get(container)).orElse(null);
    return written.isEmpty() && log == null ? OptionalLong.empty()
        : OptionalLong.of(written.orElse(0) + (log == null ? 0 : log));
  }
}
