package io.bundlet.core.image;

import java.util.Optional;

/**
 * What all pulls of the node share.
 *
 * @param slots how many there are at a time
 * @param credentials as whom the node itself may ask registries
 */
public record ImagePulls(PullSlots slots, NodeCredentials credentials) {
  /** Without bounds, as anybody. */
  public static final ImagePulls PLAIN =
      new ImagePulls(
          new PullSlots(() -> PullSlots.ANY_NUMBER), new NodeCredentials(Optional::empty, nothing -> {}));
}
