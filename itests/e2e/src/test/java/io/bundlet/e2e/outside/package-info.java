/**
 * How the tests see a node from outside: its shell's socket, the lines of its actors, the kernel, the JVM's own tools.
 */
package io.bundlet.e2e.outside;
