package io.bundlet.api.node;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Adds something to the node. A service; there may be many.
 *
 * <p><b>Threads.</b> One at a time. <b>Cost.</b> Asked about once a second: tell what is at hand. What it throws is
 * logged, and costs what this facet adds.
 */
@ConsumerType
public interface NodeFacet {
  /**
   * What it adds now; returns at once. What the API server would refuse, what Kubernetes or the node itself says, and
   * what another facet has said before is left out and logged.
   */
  NodeAddition addition();
}
