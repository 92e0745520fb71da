/**
 * The node in a cluster: what a way to an API server is offered ({@link io.bundlet.kubernetes.NodeSource}, {@link
 * io.bundlet.kubernetes.NodePods}), and what of it the node uses while it is there. Without one the node works all the
 * same. {@link io.bundlet.core.cluster.Cluster} lets the services in; nothing here calls an API server or blocks.
 */
package io.bundlet.core.cluster;
