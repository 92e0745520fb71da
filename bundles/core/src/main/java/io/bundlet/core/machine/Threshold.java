package io.bundlet.core.machine;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.resources.Quantities;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The amount of something below which the node runs short of it.
 *
 * @param amount whole units; counts when {@code percent} is empty
 * @param percent of all that there is, 0 to 100
 */
public record Threshold(Signal signal, long amount, Optional<Double> percent) {
  /** The same settings for the images' file system would say the same again: the node has one file system. */
  private static final String IMAGES = "imagefs.";

  /** As the Kubernetes kubelet on Linux. */
  public static final List<Threshold> STANDARD =
      List.of(
          new Threshold(Signal.MEMORY_AVAILABLE, 100L << 20, Optional.empty()),
          new Threshold(Signal.NODEFS_AVAILABLE, 0, Optional.of(10.0)),
          new Threshold(Signal.NODEFS_INODES_FREE, 0, Optional.of(5.0)));

  /** What the threshold is where there is so much of it. */
  public long of(long capacity) {
    return percent.map(part -> (long) (capacity * (part / 100))).orElse(amount);
  }

  /**
   * Reads one setting, such as {@code memory.available<100Mi} or {@code nodefs.available<10%}.
   *
   * @throws IllegalArgumentException with a message for people
   */
  static Threshold parse(String text) {
    int at = text.indexOf('<');
    if (at < 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no threshold; write one such as memory.available<100Mi or nodefs.available<10%");
    }
    String word = text.substring(0, at).strip();
    String value = text.substring(at + 1).strip();
    Signal signal =
        Signal.of(word).orElseThrow(
            () -> new IllegalArgumentException(
                "\"" + word + "\" is nothing that the node watches; there are "
                + Stream.of(Signal.values()).map(Signal::word).collect(Collectors.joining(", "))
                + (word.startsWith(IMAGES) ? " (images are kept on the file system of nodefs)" : "")));
    if (value.endsWith("%")) {
      return new Threshold(signal, 0, Optional.of(percent(value.substring(0, value.length() - 1), text)));
    }
    try {
      return new Threshold(signal, Quantities.units(new Quantity(value), "the amount"), Optional.empty());
    } catch (ProviderFailure | RuntimeException wrong) {
      throw new IllegalArgumentException("\"" + text + "\" has no amount such as 100Mi or 10%", wrong);
    }
  }

  private static double percent(String text, String whole) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,6})?") || Double.parseDouble(text) > 100) {
      throw new IllegalArgumentException("\"" + whole + "\" has no percentage from 0% to 100%");
    }
    return Double.parseDouble(text);
  }
}
