package io.bundlet.api.admin;

import java.util.OptionalLong;

/**
 * What a running pod used when it was looked at last; what is not known is empty.
 *
 * @param namespace its namespace
 * @param name its name
 * @param cpuMillis processor time between the last two looks, in thousandths of a processor
 * @param memoryBytes the working sets of its containers, in bytes
 * @param diskBytes its ephemeral storage: volumes and logs on the node's disk, and what containers write beside them
 */
public record PodUsageView(
    String namespace, String name, OptionalLong cpuMillis, OptionalLong memoryBytes, OptionalLong diskBytes) {}
