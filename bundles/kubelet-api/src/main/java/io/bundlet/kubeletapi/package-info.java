/**
 * The kubelet's own API: HTTPS on port 10250, which the API server uses for logs, metrics scrapers for numbers, and
 * people with the right to it; and the node's health on the machine's own address. It is there only where it is
 * configured (PID {@code io.bundlet.kubelet-api}), and without that not even the classes of its server are loaded.
 *
 * <p>It knows nothing of pods: whatever it tells comes from services
 * ({@link io.bundlet.kubeletapi.endpoint.Neighbours}), and who may hear it the API server says. So it may be exchanged
 * at any time, and so may they. The way of a request stands in {@link io.bundlet.kubeletapi.route.Router}, all that can
 * be asked in {@link io.bundlet.kubeletapi.endpoint.Routes}.
 */
package io.bundlet.kubeletapi;
