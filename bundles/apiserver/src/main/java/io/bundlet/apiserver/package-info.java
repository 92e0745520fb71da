/**
 * The node's side of a Kubernetes API server. Nothing of this bundle exists until it is configured (PID
 * {@code io.bundlet.apiserver}), and a server that is away ends nobody: what runs goes on, and what there is to say is
 * said when it is back. {@link io.bundlet.apiserver.ApiServer} is what everything else here stands on: one client for
 * the bundle's life, below which credentials, addresses and connections come and go.
 */
package io.bundlet.apiserver;
