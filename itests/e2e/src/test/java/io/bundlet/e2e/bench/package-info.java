/**
 * How fast it is, by a clock outside of it: the first byte of a guest is one that has arrived here, never a status of
 * the node. Run by {@code ./check --bench} only; the table goes to {@code target/speed.txt}.
 */
package io.bundlet.e2e.bench;
