package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Stop;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.time.BackOff;

/**
 * The container is asked to end, with what is left of the grace. A grace that shrinks meanwhile is passed on by a
 * second call while the first still waits.
 *
 * @param tries how often the request has failed in a row
 * @param message what failed last; empty at first
 */
record Stopping(int tries, String message)
    implements ContainerState<ContainerTransitions.AfterStopping>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterStarting,
        ContainerTransitions.AfterRunning,
        ContainerTransitions.AfterStopping {
  static Stopping first() {
    return new Stopping(0, "");
  }

  @Override
  public String reason() {
    return message.isEmpty() ? "" : "KillContainerError";
  }

  @Override
  public boolean heedsStop() {
    return false;
  }

  @Override
  public ContainerTransitions.AfterStopping next(ContainerContext container)
      throws ProviderFailure, InterruptedException {
    ContainerInbox inbox = container.inbox();
    ContainerId id = container.id();
    inbox.watch(id.value(), container.time().nanos());
    inbox.await(
        () -> inbox.ended(), tries == 0 ? container.time().nanos() : container.time().after(BackOff.RETRY.wait(tries)));
    holdBack(container);
    inbox.await(() -> container.provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    StopReason stop = inbox.stopRequest().orElseThrow();
    ChildCall<ContainerId> call = ask(container, id, stop);
    while (!call.done()) {
      StopReason asked = stop;
      inbox.await(() -> call.done() || inbox.moreUrgent(asked), Inbox.FOREVER);
      if (!call.done()) {
        stop = inbox.stopRequest().orElseThrow();
        ask(container, id, stop);
      }
    }
    call.result();
    return new Exited(exit(container, id));
  }

  /** While others must end before it, it runs on; at most until its grace is over. */
  private static void holdBack(ContainerContext container) throws InterruptedException {
    ContainerInbox inbox = container.inbox();
    StopReason stop;
    do {
      stop = inbox.stopRequest().orElseThrow();
      StopReason asked = stop;
      inbox.await(
          () -> inbox.ended() || !inbox.stopHeld() || inbox.moreUrgent(asked), asked.deadlineNanos());
    } while (inbox.await(() -> inbox.stopHeld() && !inbox.ended(), container.time().nanos())
        && inbox.stopRequest().orElseThrow().deadlineNanos() - container.time().nanos() > 0);
  }

  private static ChildCall<ContainerId> ask(ContainerContext container, ContainerId id, StopReason stop)
      throws ProviderFailure {
    Stop how = new Stop(stop.grace(container.time().nanos()), stop.why());
    return container.start(
        "stop",
        provider -> {
          provider.stopContainer(id, how);
          return id;
        });
  }

  private static Exit exit(ContainerContext container, ContainerId id) throws ProviderFailure, InterruptedException {
    if (container.inbox().latest().flatMap(ContainerStatus::exit).isEmpty()) {
      ChildCall<ContainerStatus> status = container.start("status", provider -> provider.containerStatus(id));
      container.inbox().await(status::done, Inbox.FOREVER);
      try {
        container.inbox().status(status.result());
      } catch (ProviderFailure failure) {
        if (!failure.kind().equals(ProviderFailure.NOT_FOUND)) {
          throw failure;
        }
      }
    }
    return container.inbox().latest().flatMap(ContainerStatus::exit)
        .orElseGet(() -> Exited.lost(container.time().now()));
  }

  @Override
  public ContainerTransitions.AfterStopping onFailure(ContainerContext container, ProviderFailure failure) {
    return new Stopping(BackOff.next(tries, failure), failure.getMessage());
  }

  @Override
  public ContainerTransitions.AfterStopping onStop(ContainerContext container, StopReason why) {
    return this;
  }
}
