/**
 * Certificates of the node: asked for at the cluster, kept in files as the Kubernetes kubelet keeps them, and renewed
 * before they end. The key of a request that is under way is kept, too, so that a node that is started again waits for
 * the same answer and not for one that would not fit its key.
 */
package io.bundlet.apiserver.certificate;
