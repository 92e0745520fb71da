package io.bundlet.api.metrics;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows numbers. A service; all of them are read by each exporter.
 *
 * <p><b>Threads.</b> Any, several at a time.
 *
 * <p><b>Cost.</b> Sources are asked each time that somebody wants the numbers, which strangers may do often: tell what
 * is at hand, and keep what is dear to find out. How many numbers there are is bounded by what the source knows of the
 * node, never by what guests or callers name.
 */
@ConsumerType
public interface MetricsSource {
  /**
   * A service property: which group its numbers belong to. Without it they are the node's own, which the kubelet's API
   * shows as {@code /metrics}; others are shown below that.
   */
  String GROUP = "bundlet.metrics.group";
  /** The group that holds the use of processor time and memory alone, {@code /metrics/resource}. */
  String RESOURCE = "resource";

  /**
   * Tells all of its numbers. Returns at once: waits for nobody, and reads no more than a few files of the kernel. What
   * it throws is logged, and costs the numbers of this source alone.
   *
   * @param sink takes them; valid during the call only
   */
  void collect(MetricsSink sink);
}
