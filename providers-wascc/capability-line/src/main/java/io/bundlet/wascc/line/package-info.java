/**
 * The capability {@code bundlet:line}: actors that answer lines of text over TCP. It is made for tests and first steps.
 * For each actor that is bound to it it listens on the binding's {@code host} and {@code port}; a line that comes in is
 * the actor's request {@code HandleLine}, and the answer goes out as a line. The other way round it offers actors two
 * operations, {@code Echo} and {@code Upper}. Listeners follow the bindings and not the actors: a container that is
 * restarted under the same address keeps its clients.
 */
package io.bundlet.wascc.line;
