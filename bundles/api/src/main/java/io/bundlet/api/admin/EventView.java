package io.bundlet.api.admin;

import java.time.Instant;

/**
 * Something that happened to a pod.
 *
 * @param fieldPath the part of the pod, such as {@code spec.containers{web}}; empty: the pod
 * @param type {@code Normal} or {@code Warning}
 * @param reason one word, Kubernetes' own where it has one
 * @param message for people
 * @param firstAt when it happened first
 * @param lastAt when it happened last
 * @param count how often it happened; at least 1
 */
public record EventView(
    String fieldPath, String type, String reason, String message, Instant firstAt, Instant lastAt, int count) {}
