package io.bundlet.api.admin;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What the whole machine uses, everything on it included; what cannot be read is empty.
 *
 * @param at when
 * @param cpuNanos the processor time of all that ran since the machine was started, in nanoseconds of one processor
 * @param cpuMillis processor time since some seconds ago, in thousandths of a processor
 * @param memoryBytes memory that cannot be had without ending something
 * @param memoryAvailableBytes memory that can be had
 * @param diskBytes the size of the file system that the node keeps its data on
 * @param diskAvailableBytes what may still be written to it
 * @param inodes how many files it can have
 * @param inodesFree how many more
 */
public record NodeUsageView(
    Instant at,
    OptionalLong cpuNanos,
    OptionalLong cpuMillis,
    OptionalLong memoryBytes,
    OptionalLong memoryAvailableBytes,
    OptionalLong diskBytes,
    OptionalLong diskAvailableBytes,
    OptionalLong inodes,
    OptionalLong inodesFree) {}
