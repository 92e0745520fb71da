package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.statemachine.StopRequested;

/**
 * The image could not be had; it is tried again later.
 *
 * @param pulls how often pulling has failed in a row
 * @param tries how often making the container has failed in a row
 * @param word the image service's own word for what is wrong; may be empty
 * @param untilNanos the monotonic time of the next try
 */
record ImagePullBackOff(int pulls, int tries, String word, String message, long untilNanos)
    implements ContainerState<ContainerTransitions.AfterImagePullBackOff>, ContainerTransitions.AfterImagePulling {
  @Override
  public String reason() {
    if (!word.isEmpty()) {
      return word;
    }
    return pulls == 1 ? "ErrImagePull" : "ImagePullBackOff";
  }

  @Override
  public ContainerTransitions.AfterImagePullBackOff next(ContainerContext container)
      throws StopRequested, InterruptedException {
    container.awaitOrStop(() -> false, untilNanos);
    return new ImagePulling(pulls, tries);
  }

  @Override
  public ContainerTransitions.AfterImagePullBackOff onFailure(ContainerContext container, ProviderFailure failure) {
    return new ImagePulling(pulls, tries);
  }

  @Override
  public ContainerTransitions.AfterImagePullBackOff onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
