/**
 * Numbers of the node for those who watch it: how many pods and containers are in which state, with the words of their
 * machines, how long pods take to run, and what they and the machine use. They are read from
 * {@link io.bundlet.api.admin.NodeAdmin} alone, as by anybody outside of the core; names are those of the Kubernetes
 * kubelet where it has the number, and begin with {@code bundlet_} where it has not.
 */
package io.bundlet.core.metrics;
