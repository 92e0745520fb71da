/**
 * The servers: HTTPS for those who may ask, and beside it one of plain HTTP that says to the machine itself that the
 * node lives, and nothing else.
 *
 * <p>It is Jetty's core: it reads and writes HTTP/1.1 over TLS without servlets, has bounds for what strangers send,
 * can hand a connection over to another protocol, and its parts are bundles. Requests are answered by virtual threads;
 * a few platform threads watch all sockets.
 */
package io.bundlet.kubeletapi.server;
