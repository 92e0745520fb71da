/**
 * Writes the numbers of all {@link io.bundlet.api.metrics.MetricsSource}s as Prometheus reads them (its text format
 * 0.0.4). Numbers are first taken from all sources, bounded in number and length, and then written, so that whoever
 * reads slowly keeps no source waiting. What a source does wrong costs its own numbers.
 */
package io.bundlet.metrics.prometheus;
