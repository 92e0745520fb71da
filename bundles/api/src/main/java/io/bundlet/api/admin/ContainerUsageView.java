package io.bundlet.api.admin;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a running container used when it was looked at last; what is not known is empty.
 *
 * @param name its name
 * @param startedAt when its present instance started
 * @param at when its runtime told of it
 * @param cpuNanos the processor time of its present instance, in nanoseconds of one processor; it never falls
 * @param cpuMillis processor time between the last two looks, in thousandths of a processor
 * @param memoryBytes its working set
 * @param writtenBytes what it has written outside of volumes and its log
 * @param logBytes its logs, all files of all instances
 */
public record ContainerUsageView(
    String name,
    Optional<Instant> startedAt,
    Instant at,
    OptionalLong cpuNanos,
    OptionalLong cpuMillis,
    OptionalLong memoryBytes,
    OptionalLong writtenBytes,
    OptionalLong logBytes) {}
