package io.bundlet.api.metrics;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes numbers. Used by one thread during one {@link MetricsSource#collect}. What does not fit is left out and logged,
 * never thrown: values of labels that are not as many as the metric has, a metric that another source describes in
 * another way, more numbers than the exporter keeps. Of two numbers with the same labels the first counts.
 */
@ProviderType
public interface MetricsSink {
  /**
   * A number as it is now.
   *
   * @param metric a counter or gauge
   * @param value any; also infinite or not a number
   * @param labels the values of its labels, in their order; any text, cut where it is too long
   */
  void sample(Metric metric, double value, String... labels);

  /** The same, as it was at some time; for numbers that are found out more seldom than they are asked for. */
  void sampleAt(Metric metric, Instant time, double value, String... labels);

  /** A distribution. */
  void histogram(Metric metric, HistogramValue value, String... labels);
}
