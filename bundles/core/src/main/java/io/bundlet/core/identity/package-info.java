/**
 * Who a pod is and whom it knows: its host name and domain, its {@code /etc/hosts} and how it looks names up, made from
 * the pod, the node's addresses and the node's settings, as Kubernetes' kubelet does. The node's own files are read
 * when a pod needs them, so that they may change.
 */
package io.bundlet.core.identity;
