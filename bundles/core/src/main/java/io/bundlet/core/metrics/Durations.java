package io.bundlet.core.metrics;

import io.bundlet.api.metrics.HistogramValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** How long something took, in the buckets that the Kubernetes kubelet has for starts of pods. For all threads. */
final class Durations {
  private static final List<Double> BOUNDS =
      List.of(0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 45.0, 60.0, 120.0, 180.0, 240.0, 300.0, 360.0,
          480.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0);
  private static final double NANOS = 1e9;

  private final long[] counts = new long[BOUNDS.size() + 1];
  private double sum;

  synchronized void add(Duration took) {
    // A clock that was set back makes nothing of it that was not.
    double seconds = Math.max(0, took.toNanos() / NANOS);
    int bucket = 0;
    while (bucket < BOUNDS.size() && seconds > BOUNDS.get(bucket)) {
      bucket++;
    }
    counts[bucket]++;
    sum += seconds;
  }

  synchronized HistogramValue value() {
    return new HistogramValue(BOUNDS, Arrays.stream(counts).boxed().toList(), sum);
  }
}
