package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;

/**
 * The image could not be had; it is tried again later. What went wrong is told at first, then that it is waited.
 *
 * @param tries how often making the container has failed in a row
 * @param word the word for what is wrong, such as {@code ErrImagePull}
 * @param message what went wrong
 * @param pull whether a pull has failed, after which that it is waited has a word of its own
 * @param untilNanos the monotonic time of the next try
 */
record ImagePullBackOff(int tries, String word, String message, boolean pull, long untilNanos)
    implements ContainerState<ContainerTransitions.AfterImagePullBackOff>, ContainerTransitions.AfterImagePulling {
  private static final Duration TOLD = Duration.ofSeconds(2);

  @Override
  public String reason() {
    return word;
  }

  @Override
  public ContainerTransitions.AfterImagePullBackOff next(ContainerContext container)
      throws StopRequested, InterruptedException {
    String image = container.plan().image();
    if (pull) {
      long told = container.time().after(TOLD);
      container.awaitOrStop(() -> container.imageIsNot(image), told - untilNanos < 0 ? told : untilNanos);
      String waits = "Back-off pulling image \"" + image + "\"";
      container.events().event("", EventSink.NORMAL, "BackOff", waits);
      container.report(
          new ImagePullBackOff(
              tries, ImagePullBackOff.class.getSimpleName(), waits + ": " + word + ": " + message, true, untilNanos));
    }
    container.awaitOrStop(() -> container.imageIsNot(image), untilNanos);
    return new ImagePulling(tries);
  }

  @Override
  public ContainerTransitions.AfterImagePullBackOff onFailure(ContainerContext container, ProviderFailure failure) {
    return new ImagePulling(tries);
  }

  @Override
  public ContainerTransitions.AfterImagePullBackOff onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
