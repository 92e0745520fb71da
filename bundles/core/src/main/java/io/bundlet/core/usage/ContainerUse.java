package io.bundlet.core.usage;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a running container uses.
 *
 * @param at when its runtime told of it
 * @param cpuNanos processor time since it was started, in nanoseconds
 * @param cpuMillis thousandths of a processor, between the last two looks; empty after the first
 * @param memoryBytes its working set
 * @param diskBytes what it has written outside of volumes and its log
 * @param inodes the files of that
 */
public record ContainerUse(
    Instant at,
    OptionalLong cpuNanos,
    OptionalLong cpuMillis,
    OptionalLong memoryBytes,
    OptionalLong diskBytes,
    OptionalLong inodes) {
  /** One whose processor time is told as a rate alone. */
  public ContainerUse(
      OptionalLong cpuMillis, OptionalLong memoryBytes, OptionalLong diskBytes, OptionalLong inodes) {
    this(Instant.EPOCH, OptionalLong.empty(), cpuMillis, memoryBytes, diskBytes, inodes);
  }
}
