/**
 * One Kubernetes client over connections that come and go. {@link io.bundlet.apiserver.client.Connections} holds the
 * way to the server as it is now; what the client sends is given the server's address and our credentials only when it
 * leaves, so that nobody above hears of either.
 */
package io.bundlet.apiserver.client;
