package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.hook.HookRun;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a container's manifest wants done before it is asked to end, inside the grace. Done once for an instance, which
 * is remembered before; only if it runs, and not when it ends by itself meanwhile.
 */
final class PreStop {
  private PreStop() {}

  /** Does it, if there is something to do, and returns when it is over or the grace is. @param stop the stop so far */
  static void run(ContainerContext container, ContainerId id, Supplier<StopReason> stop)
      throws ProviderFailure, InterruptedException {
    Lifecycle lifecycle = container.plan().manifest().getLifecycle();
    LifecycleHandler hook = lifecycle == null ? null : lifecycle.getPreStop();
    if (hook == null
        || container.record().instance().preStopAt().isPresent()
        || stop.get().grace(container.time().nanos()).isZero()
        || !runs(container, id)) {
      return;
    }
    container.rememberIfPossible(
        known -> known.with(known.instance().withPreStop(container.time().now())));
    ContainerInbox inbox = container.inbox();
    StopReason asked = stop.get();
    HookRun run =
        container.services().hooks().preStop(
            hook, container.target(id), container.events(), asked.grace(container.time().nanos()), inbox::nudge);
    try {
      while (!over(container, run)) {
        StopReason before = asked;
        container.awaitTelling(() -> run.done() || inbox.ended() || inbox.moreUrgent(before), Inbox.FOREVER);
        asked = stop.get();
        run.within(asked.grace(container.time().nanos()));
      }
    } finally {
      run.cancel();
    }
    if (run.done() && run.outcome().failed()) {
      container.events().event("", EventSink.WARNING, "FailedPreStopHook", run.outcome().message());
    }
  }

  private static boolean over(ContainerContext container, HookRun run) throws InterruptedException {
    ContainerInbox inbox = container.inbox();
    return inbox.await(() -> run.done() || inbox.ended(), container.time().nanos());
  }

  private static boolean runs(ContainerContext container, ContainerId id)
      throws ProviderFailure, InterruptedException {
    ContainerInbox inbox = container.inbox();
    // What the runtime said last may be from before the start.
    if (inbox.latest().filter(known -> !known.state().equals(ContainerStatus.CREATED)).isEmpty()) {
      ChildCall<ContainerStatus> call = container.start("status", provider -> provider.containerStatus(id));
      inbox.await(call::done, Inbox.FOREVER);
      try {
        inbox.status(call.result());
      } catch (ProviderFailure failure) {
        if (!failure.kind().equals(ProviderFailure.NOT_FOUND)) {
          throw failure;
        }
      }
    }
    Optional<ContainerStatus> latest = inbox.latest();
    return latest.filter(status -> status.state().equals(ContainerStatus.RUNNING)).isPresent();
  }
}
