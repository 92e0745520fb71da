package io.bundlet.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;

/**
 * What the node says of one pod.
 *
 * @param source the name of the source that wants the pod
 * @param pod as it was wanted; its status is not looked at
 * @param status all that the node knows, in Kubernetes' form
 * @param running whether something of the pod may still run; it is not deleted before that is over
 */
public record PodReport(String source, Pod pod, PodStatus status, boolean running) {}
