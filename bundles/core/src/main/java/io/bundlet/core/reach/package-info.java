/**
 * The ways in which the node reaches a running container: an HTTP request, a TCP connection, a command inside. Probes
 * and hooks go through here, so that both mean the same by a port's name, a scheme or a header.
 *
 * <p>Everything here blocks and belongs on a virtual thread of its own, which is interrupted to cancel: an interrupt
 * closes a socket on which a virtual thread waits. Nothing that a container sends is trusted; what is read of it is
 * bounded.
 */
package io.bundlet.core.reach;
