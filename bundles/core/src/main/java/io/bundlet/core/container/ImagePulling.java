package io.bundlet.core.container;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.image.PullSlots;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The image is looked for and, if the policy wants it, pulled.
 *
 * @param tries how often making the container has failed in a row
 */
record ImagePulling(int tries)
    implements ContainerState<ContainerTransitions.AfterImagePulling>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterImagePullBackOff,
        ContainerTransitions.AfterExited,
        ContainerTransitions.AfterCrashLoopBackOff {
  static final String ERR_IMAGE_PULL = "ErrImagePull";
  static final String ERR_IMAGE_NEVER_PULL = "ErrImageNeverPull";
  static final String IMAGE_INSPECT_ERROR = "ImageInspectError";
  static final String INVALID_IMAGE_NAME = "InvalidImageName";

  /** What says that no pull has failed: it is told as long as it is so. */
  private static final Set<String> NO_PULL =
      Set.of(ERR_IMAGE_NEVER_PULL, IMAGE_INSPECT_ERROR, INVALID_IMAGE_NAME, Waiting.CONTAINER_CREATING);

  @Override
  public String reason() {
    return Waiting.CONTAINER_CREATING;
  }

  @Override
  public ContainerTransitions.AfterImagePulling next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    ContainerPlan plan = container.plan();
    String quoted = "\"" + plan.image() + "\"";
    PullBackOffs pulls = container.services().pulls();
    if (plan.pullPolicy() != PullPolicy.Always) {
      Optional<ImageInfo> here = find(container, plan.image());
      if (here.isPresent()) {
        event(container, EventSink.NORMAL, "Pulled", "Container image " + quoted + " already present on machine");
        return new Creating(named(plan, here.get().ref()), here.get().digest(), tries);
      }
      if (plan.pullPolicy() == PullPolicy.Never) {
        throw ProviderFailure.of(
                ProviderFailure.NOT_FOUND,
                "Container image " + quoted + " is not present with pull policy of Never; put it here or allow a pull")
            .withReason(ERR_IMAGE_NEVER_PULL);
      }
    }
    Optional<PullBackOffs.Wait> wait = pulls.present(container.scope().pod().uid(), plan.image());
    if (wait.isPresent()) {
      return backOff(wait.get());
    }
    long askedNanos = container.time().nanos();
    event(container, EventSink.NORMAL, "Pulling", "Pulling image " + quoted);
    List<RegistryCredentials> credentials =
        container.child("credentials", () -> plan.config().credentials(plan.image()));
    long begunNanos;
    ImageRef pulled;
    PullSlots slots = container.services().images().slots();
    try (PullSlots.Turn turn = slots.stand(container.scope().provider(), container.inbox()::nudge)) {
      container.awaitOrStop(turn::granted, Inbox.FOREVER);
      begunNanos = container.time().nanos();
      pulled = pull(container, credentials);
    }
    long endedNanos = container.time().nanos();
    pulls.succeeded(container.scope().pod().uid(), plan.image());
    Optional<ImageInfo> here = look(container, plan.image());
    event(
        container, EventSink.NORMAL, "Pulled",
        "Successfully pulled image " + quoted + " in " + seconds(endedNanos - begunNanos) + ", "
            + seconds(endedNanos - askedNanos) + " with the wait for other pulls"
            + here.filter(info -> info.sizeBytes() >= 0).map(info -> "; it has " + info.sizeBytes() + " bytes")
                .orElse(""));
    return new Creating(named(plan, pulled), here.map(ImageInfo::digest).orElse(""), tries);
  }

  /**
   * Asks as one after another who may have it, as the Kubernetes kubelet does, until one of them gets it.
   *
   * @param credentials none: it is asked for as anybody
   */
  private static ImageRef pull(ContainerContext container, List<RegistryCredentials> credentials)
      throws ProviderFailure, StopRequested, InterruptedException {
    String image = container.plan().image();
    SandboxConfig sandbox = container.scope().config();
    if (credentials.isEmpty()) {
      PullRequest request = new PullRequest(image, sandbox);
      return pull(container, request);
    }
    Set<String> messages = new LinkedHashSet<>();
    for (int i = 0; ; i++) {
      PullRequest request = new PullRequest(image, sandbox, Optional.of(credentials.get(i)));
      try {
        return pull(container, request);
      } catch (ProviderFailure failure) {
        messages.add(failure.getMessage());
        boolean last = i + 1 == credentials.size();
        if (!failure.outcomeKnown() || last && messages.size() == 1) {
          throw failure;
        }
        if (last) {
          throw ProviderFailure.of(failure.kind(), String.join("; ", messages), failure).withReason(failure.reason());
        }
      }
    }
  }

  private static ImageRef pull(ContainerContext container, PullRequest request)
      throws ProviderFailure, StopRequested, InterruptedException {
    Duration limit = container.services().images().limit().get();
    if (limit.isZero()) {
      return container.call("pull", provider -> provider.images().pull(request));
    }
    ProviderFailure late = ProviderFailure.outcomeUnknown(ProviderFailure.DEADLINE,
        "image \"" + request.reference() + "\" was not here after " + limit.toSeconds() + " s and was given up; see"
            + " what its registry and the runtime do, or allow more (image.pull.limit.seconds)", null)
        .withReason(ERR_IMAGE_PULL);
    return container.call("pull", provider -> provider.images().pull(request), limit, late);
  }

  /** It is here, so that it may go on whatever comes of this look. */
  private static Optional<ImageInfo> look(ContainerContext container, String image)
      throws StopRequested, InterruptedException {
    try {
      return find(container, image);
    } catch (ProviderFailure unknown) {
      return Optional.empty();
    }
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
  }

  /** Whatever the runtime calls it: by this it is known later whether the manifest names another one. */
  private static ImageRef named(ContainerPlan plan, ImageRef image) {
    return new ImageRef(plan.image(), image.id());
  }

  private ImagePullBackOff backOff(PullBackOffs.Wait wait) {
    return new ImagePullBackOff(tries, wait.word(), wait.message(), true, wait.untilNanos());
  }

  private static void event(ContainerContext container, String type, String reason, String message) {
    container.events().event("", type, reason, message);
  }

  /** A look that fails is no failed pull: it is soon taken again. */
  private static Optional<ImageInfo> find(ContainerContext container, String image)
      throws ProviderFailure, StopRequested, InterruptedException {
    try {
      return container.call("find-image", provider -> provider.images().find(image));
    } catch (ProviderFailure failure) {
      if (!failure.reason().isEmpty()) {
        throw failure;
      }
      throw failure.withReason(
          switch (failure.kind()) {
            case ProviderFailure.UNAVAILABLE -> Waiting.CONTAINER_CREATING;
            case ProviderFailure.INVALID -> INVALID_IMAGE_NAME;
            default -> IMAGE_INSPECT_ERROR;
          });
    }
  }

  @Override
  public ContainerTransitions.AfterImagePulling onFailure(ContainerContext container, ProviderFailure failure) {
    boolean away =
        failure.reason().equals(Waiting.CONTAINER_CREATING)
            || !failure.outcomeKnown() && !failure.reason().equals(ERR_IMAGE_PULL)
            || container.provider().filter(ProviderHandle::ready).isEmpty();
    String word = failure.reason().isEmpty() ? ERR_IMAGE_PULL : failure.reason();
    if (away || NO_PULL.contains(word)) {
      int again = BackOff.next(tries, failure);
      long untilNanos = container.time().after(BackOff.RETRY.wait(again));
      if (!away) {
        event(container, EventSink.WARNING, word.equals(ERR_IMAGE_NEVER_PULL) ? word : "Failed", failure.getMessage());
      }
      return new ImagePullBackOff(
          again, away ? Waiting.CONTAINER_CREATING : word, failure.getMessage(), false, untilNanos);
    }
    String image = container.plan().image();
    event(
        container, EventSink.WARNING, "Failed",
        "Failed to pull image \"" + image + "\": " + failure.getMessage());
    event(container, EventSink.WARNING, "Failed", "Error: " + word);
    return backOff(
        container.services().pulls().failed(container.scope().pod().uid(), image, word, failure.getMessage()));
  }

  @Override
  public ContainerTransitions.AfterImagePulling onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
