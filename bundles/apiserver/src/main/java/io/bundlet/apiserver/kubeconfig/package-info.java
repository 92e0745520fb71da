/**
 * How the API server is reached and who we are to it, read from a kubeconfig or from what a pod of the cluster is
 * given. Everything is read anew each time, so that what is exchanged on the disk counts without a restart.
 */
package io.bundlet.apiserver.kubeconfig;
