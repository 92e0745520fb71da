/**
 * What bundles add to the node as a cluster sees it: labels, annotations, resources of their own, conditions. Whoever
 * has something to say offers an {@link io.bundlet.api.node.NodeFacet} as a service; when it goes, so does what it
 * said.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.node;
