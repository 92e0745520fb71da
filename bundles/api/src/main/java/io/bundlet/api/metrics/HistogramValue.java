package io.bundlet.api.metrics;

import java.util.List;

/**
 * A distribution as it is now.
 *
 * @param bounds upper bounds of the buckets, each included, rising; at most 100
 * @param counts how many values were in each bucket and no lower one, and at the end how many were above the last
 *     bound: one more than there are bounds
 * @param sum of all values
 */
public record HistogramValue(List<Double> bounds, List<Long> counts, double sum) {
  private static final int MAX_BOUNDS = 100;

  /** @throws IllegalArgumentException when bounds do not rise, or counts are not one more, or are negative */
  public HistogramValue {
    bounds = List.copyOf(bounds);
    counts = List.copyOf(counts);
    boolean rising = true;
    for (int i = 1; i < bounds.size(); i++) {
      rising &= bounds.get(i - 1) < bounds.get(i);
    }
    if (!rising || bounds.size() > MAX_BOUNDS || counts.size() != bounds.size() + 1
        || counts.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "a histogram has at most " + MAX_BOUNDS + " rising bounds, and one count more than bounds, none negative");
    }
  }
}
