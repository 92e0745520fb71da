/** What probes and hooks do to pods of a whole node, seen from outside. */
package io.bundlet.e2e.lifecycle;
