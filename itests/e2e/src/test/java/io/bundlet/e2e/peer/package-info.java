/**
 * The same manifests run by the Kubernetes project's own kubelet and by Bundlet, on the same containerd, one after the
 * other; what their status went through and what their containers saw is compared. Each difference is either red, or
 * stands with its explanation in {@code differences.txt}.
 *
 * <p>Bundlet's statuses are all that its core has told a listener. The other kubelet runs without an API server, as
 * standalone kubelets do, and writes statuses nowhere: its read-only port is polled, and its log says how many there
 * were.
 */
package io.bundlet.e2e.peer;
