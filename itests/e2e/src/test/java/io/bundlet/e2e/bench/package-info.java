/**
 * How fast it is, by a clock outside of it: the first byte of a guest is one that has arrived here, never a status of
 * the node. Run by {@code ./check --bench} only; the tables go to {@code target/speed.txt},
 * {@code target/container-speed.txt} and {@code target/wasi-speed.txt}.
 */
package io.bundlet.e2e.bench;
