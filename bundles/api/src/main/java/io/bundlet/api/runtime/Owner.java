package io.bundlet.api.runtime;

/**
 * Whose sandboxes and containers are meant: a runtime may serve several nodes, and nobody touches what is another's.
 *
 * @param node the node's id, random at its first start and kept in its data directory
 */
public record Owner(String node) {
  /** The label that carries the owner where a runtime keeps labels. */
  public static final String LABEL = "io.bundlet.node";
}
