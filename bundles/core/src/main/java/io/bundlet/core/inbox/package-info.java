/**
 * Where a worker waits. An inbox holds the latest value of each thing that its owner must know, so it is bounded by its
 * fields; there is no queue.
 */
package io.bundlet.core.inbox;
