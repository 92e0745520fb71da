/**
 * Commands for those who look after a node. Each command finds a service, calls it and returns an object; {@link
 * io.bundlet.shell.TableConverter} is what prints objects as tables. {@link io.bundlet.shell.ShellServer} lets {@code
 * bundlet shell} run them over a unix socket: who may open the socket's file may do everything, and nobody else may
 * open it.
 */
package io.bundlet.shell;
