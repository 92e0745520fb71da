/**
 * Whatever a container runtime does to a call: each call of CRI that the node makes comes late, fails, hangs, takes
 * effect without an answer or is answered with rubbish. {@code -Dfaults=true} runs all rows of the table.
 */
package io.bundlet.e2e.faults;
