/**
 * Numbers for those who watch a node. Whoever knows some offers a {@link io.bundlet.api.metrics.MetricsSource} as a
 * service; a bundle that speaks the language of a monitoring system reads all sources and offers a
 * {@link io.bundlet.api.metrics.MetricsExporter}. Neither knows the other, and without either the node works.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.metrics;
