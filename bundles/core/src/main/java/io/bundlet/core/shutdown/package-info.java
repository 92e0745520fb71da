/**
 * The node ends because the machine does: its pods are ended first, the least important ones before the others, each
 * group with a grace of its own, as by the Kubernetes kubelet (graceful node shutdown).
 * {@link io.bundlet.core.shutdown.ShutdownPlan} says with which grace,
 * {@link io.bundlet.core.shutdown.NodeShutdown} does it. Without a plan pods are left as they are, for the next node on
 * the same data.
 */
package io.bundlet.core.shutdown;
