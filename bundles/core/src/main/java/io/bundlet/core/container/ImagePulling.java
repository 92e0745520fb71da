package io.bundlet.core.container;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * The image is looked for and, if the policy wants it, pulled.
 *
 * @param pulls how often pulling has failed in a row
 * @param tries how often making the container has failed in a row
 */
record ImagePulling(int pulls, int tries)
    implements ContainerState<ContainerTransitions.AfterImagePulling>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterImagePullBackOff,
        ContainerTransitions.AfterExited,
        ContainerTransitions.AfterCrashLoopBackOff {
  static final String ERR_IMAGE_NEVER_PULL = "ErrImageNeverPull";

  @Override
  public String reason() {
    return Waiting.CONTAINER_CREATING;
  }

  @Override
  public ContainerTransitions.AfterImagePulling next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    ContainerPlan plan = container.plan();
    if (plan.pullPolicy() != PullPolicy.Always) {
      Optional<ImageInfo> here = find(container, plan.image());
      if (here.isPresent()) {
        return new Creating(here.get().ref(), tries);
      }
      if (plan.pullPolicy() == PullPolicy.Never) {
        throw ProviderFailure.of(
                ProviderFailure.NOT_FOUND,
                "the image " + plan.image() + " is not here and imagePullPolicy is Never; put it here or allow a pull")
            .withReason(ERR_IMAGE_NEVER_PULL);
      }
    }
    PullRequest request = new PullRequest(plan.image(), container.scope().config());
    ImageRef pulled = container.call("pull", provider -> provider.images().pull(request));
    return new Creating(pulled, tries);
  }

  /** A look that fails is no failed pull: it is soon taken again. */
  private static Optional<ImageInfo> find(ContainerContext container, String image)
      throws ProviderFailure, StopRequested, InterruptedException {
    try {
      return container.call("find-image", provider -> provider.images().find(image));
    } catch (ProviderFailure failure) {
      throw failure.kind().equals(ProviderFailure.UNAVAILABLE)
          ? failure.withReason(Waiting.CONTAINER_CREATING)
          : failure;
    }
  }

  @Override
  public ContainerTransitions.AfterImagePulling onFailure(ContainerContext container, ProviderFailure failure) {
    boolean away =
        failure.reason().equals(Waiting.CONTAINER_CREATING)
            || !failure.outcomeKnown()
            || container.provider().filter(ProviderHandle::ready).isEmpty();
    if (away) {
      int again = BackOff.next(tries, failure);
      long untilNanos = container.time().after(BackOff.RETRY.wait(again));
      return new ImagePullBackOff(pulls, again, Waiting.CONTAINER_CREATING, failure.getMessage(), untilNanos);
    }
    long untilNanos = container.time().after(BackOff.RESTART.wait(pulls + 1));
    return new ImagePullBackOff(pulls + 1, tries, failure.reason(), failure.getMessage(), untilNanos);
  }

  @Override
  public ContainerTransitions.AfterImagePulling onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
