package io.bundlet.console;

/**
 * A line of the table.
 *
 * @param pod the pod's name
 * @param state its state
 * @param ready how many of its containers are ready, such as {@code 1/2}
 * @param restarts of all its containers
 * @param reason what holds it up or ended it; empty when nothing does
 */
record PodRow(String pod, String state, String ready, int restarts, String reason) {}
