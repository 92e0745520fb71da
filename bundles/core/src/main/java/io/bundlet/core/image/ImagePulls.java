package io.bundlet.core.image;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What all pulls of the node share.
 *
 * @param slots how many there are at a time
 * @param limit how long one may take; zero: as long as it takes
 * @param credentials as whom the node itself may ask registries
 */
public record ImagePulls(PullSlots slots, Supplier<Duration> limit, NodeCredentials credentials) {
  /** Without bounds, as anybody. */
  public static final ImagePulls PLAIN =
      new ImagePulls(
          new PullSlots(() -> PullSlots.ANY_NUMBER), () -> Duration.ZERO,
          new NodeCredentials(Optional::empty, nothing -> {}));
}
