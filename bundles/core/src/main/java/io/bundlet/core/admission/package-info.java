/**
 * Whether a pod fits on the node. {@link io.bundlet.core.admission.NodeFit} alone knows what has been promised to pods,
 * and promises it in one step with the check, so that pods that come at the same time cannot both get the last of
 * something. The rules, words and messages are those of the Kubernetes kubelet.
 */
package io.bundlet.core.admission;
