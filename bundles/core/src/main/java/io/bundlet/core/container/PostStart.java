package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.hook.HookOutcome;
import io.bundlet.core.hook.HookRun;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.time.Instant;

/**
 * The container's code runs, and what its manifest wants done right after the start is being done. That it was done is
 * remembered; when the node dies meanwhile, it is done once more.
 *
 * @param id the container
 * @param since when it was started
 * @param tries how often making it has failed in a row
 */
record PostStart(ContainerId id, Instant since, int tries)
    implements ContainerState<ContainerTransitions.AfterPostStart>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterStarting {
  static final String POST_START_HOOK_ERROR = "PostStartHookError";
  private static final String FAILED_POST_START_HOOK = "FailedPostStartHook";

  /** Whether there is something to be done before the container counts as running. */
  static boolean wanted(ContainerContext container) {
    return hook(container) != null && !container.record().instance().postStarted();
  }

  private static LifecycleHandler hook(ContainerContext container) {
    Lifecycle lifecycle = container.plan().manifest().getLifecycle();
    return lifecycle == null ? null : lifecycle.getPostStart();
  }

  /** As in Kubernetes, it does not count as running before this is done. */
  @Override
  public String reason() {
    return Waiting.CONTAINER_CREATING;
  }

  @Override
  public ContainerTransitions.AfterPostStart next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    ContainerInbox inbox = container.inbox();
    inbox.watch(id.value(), container.time().nanos());
    HookRun run =
        container.services().hooks()
            .postStart(hook(container), container.target(id), container.events(), inbox::nudge);
    try {
      container.awaitOrStop(() -> run.done() || inbox.ended(), Inbox.FOREVER);
    } finally {
      run.cancel();
    }
    if (inbox.await(inbox::ended, container.time().nanos())) {
      return new Exited(inbox.latest().flatMap(ContainerStatus::exit).orElseGet(() -> Exited.lost(container)));
    }
    HookOutcome outcome = run.outcome();
    if (outcome.failed()) {
      container.events().event("", EventSink.WARNING, FAILED_POST_START_HOOK, outcome.message());
      container.waitsBecause(POST_START_HOOK_ERROR, outcome.message());
      return Stopping.because(
          new StopReason(FAILED_POST_START_HOOK, container.time().after(container.plan().grace())));
    }
    container.remember(known -> known.running(since).with(known.instance().afterPostStart()));
    return new Running(id, since, tries);
  }

  @Override
  public ContainerTransitions.AfterPostStart onFailure(ContainerContext container, ProviderFailure failure) {
    return new Waiting(BackOff.next(tries, failure), Waiting.RUN_CONTAINER_ERROR, failure.getMessage());
  }

  @Override
  public ContainerTransitions.AfterPostStart onStop(ContainerContext container, StopReason why) {
    return Stopping.first();
  }
}
