package io.bundlet.api.runtime;

import java.util.Map;

/**
 * A pod that asks to be run.
 *
 * @param pod which pod
 * @param handler the runtime handler chosen for it; empty for the provider's default
 * @param manifest the pod as in its manifest: maps, lists, strings, numbers, booleans; not to be changed
 */
public record PodRequest(PodId pod, String handler, Map<String, Object> manifest) {}
