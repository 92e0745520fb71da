/** Logs of containers, seen from outside: the files, and what the shell prints of them. */
package io.bundlet.e2e.logs;
