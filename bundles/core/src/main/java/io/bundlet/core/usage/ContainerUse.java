package io.bundlet.core.usage;

import java.util.OptionalLong;

/**
 * What a running container uses.
 *
 * @param cpuMillis thousandths of a processor, between the last two looks; empty after the first
 * @param memoryBytes its working set
 * @param diskBytes what it has written outside of volumes and its log
 * @param inodes the files of that
 */
public record ContainerUse(
    OptionalLong cpuMillis, OptionalLong memoryBytes, OptionalLong diskBytes, OptionalLong inodes) {}
