/**
 * What the machine has and what of it pods may have. {@link io.bundlet.core.machine.Machine} reads the kernel,
 * {@link io.bundlet.core.machine.NodeLimits} are the administrator's settings, and
 * {@link io.bundlet.core.machine.NodeCapacity} is what comes out of both: the node's capacity, and the part that is
 * left for pods when the system, the node itself and the eviction thresholds have theirs.
 *
 * <p>Amounts are whole numbers by resource name: {@code cpu} in thousandths, {@code memory} and
 * {@code ephemeral-storage} in bytes, {@code pods} in pieces.
 */
package io.bundlet.core.machine;
