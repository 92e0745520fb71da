/**
 * Sessions with containers: a caller's connection is handed on, byte by byte, to the server of the container's runtime,
 * which speaks the protocol that the two have agreed on. This node understands nothing of it. What is handed on, and
 * where to, is checked: a few headers, and addresses that nobody else can reach.
 */
package io.bundlet.kubeletapi.session;
