package io.bundlet.api.volume;

import io.bundlet.api.runtime.PodId;

/**
 * Names a volume of a pod.
 *
 * @param pod the pod; of a pod that the node has forgotten only the uid is known, and namespace and name are empty
 * @param name the volume's name in the pod
 */
public record VolumeId(PodId pod, String name) {}
