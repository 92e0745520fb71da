package io.bundlet.api.admin;

import java.time.Instant;

/**
 * A condition of a pod or a node.
 *
 * @param type {@code PodScheduled}, {@code Initialized}, {@code ContainersReady}, {@code Ready},
 *     {@code DisruptionTarget}, ...; of nodes {@code MemoryPressure}, {@code DiskPressure}, {@code PIDPressure}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one word; empty when there is none
 * @param message for people; may be empty
 * @param since when it became so
 */
public record ConditionView(String type, String status, String reason, String message, Instant since) {}
