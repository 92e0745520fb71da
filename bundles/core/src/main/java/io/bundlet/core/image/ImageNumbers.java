package io.bundlet.core.image;

import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.metrics.MetricsSource;
import java.util.concurrent.atomic.AtomicLong;

/** How many images were removed because nobody used them. */
public final class ImageNumbers implements MetricsSource {
  private static final Metric REMOVED =
      Metric.counter(
          "kubelet_image_garbage_collected_total",
          "Images that nobody used and that were removed: for room (space), or because nobody had used them for too"
              + " long (age).", "reason");

  private final AtomicLong space = new AtomicLong();
  private final AtomicLong age = new AtomicLong();

  void removedForRoom() {
    space.incrementAndGet();
  }

  void removedForAge() {
    age.incrementAndGet();
  }

  @Override
  public void collect(MetricsSink sink) {
    sink.sample(REMOVED, space.get(), "space");
    sink.sample(REMOVED, age.get(), "age");
  }
}
