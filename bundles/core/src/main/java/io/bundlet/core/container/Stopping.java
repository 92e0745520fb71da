package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Stop;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.time.BackOff;
import java.time.Duration;
import java.util.Optional;

/**
 * The container is asked to end, because its pod ends or for its own sake: first what its manifest wants done before,
 * then the request, with what is left of the grace, but at least two seconds. A grace that shrinks meanwhile is passed
 * on by a second call while the first still waits.
 *
 * @param tries how often the request has failed in a row
 * @param message what failed last; empty at first
 * @param own why it is ended for its own sake; empty: its pod is being ended
 */
record Stopping(int tries, String message, Optional<StopReason> own)
    implements ContainerState<ContainerTransitions.AfterStopping>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterStarting,
        ContainerTransitions.AfterPostStart,
        ContainerTransitions.AfterRunning,
        ContainerTransitions.AfterStopping {
  /** Nobody gets less from the request to the forced end, as in the Kubernetes kubelet. */
  private static final Duration LEAST_GRACE = Duration.ofSeconds(2);
  /** From the container's end to the answer that it has ended. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

  /** Its pod is being ended. */
  static Stopping first() {
    return new Stopping(0, "", Optional.empty());
  }

  /** It is ended for its own sake; whether it is made again is up to its restart policy. */
  static Stopping because(StopReason why) {
    return new Stopping(0, "", Optional.of(why));
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
    if (tries == 0) {
      String why = own.map(StopReason::why).orElseGet(() -> "Stopping container " + container.plan().name());
      container.events().event("", EventSink.NORMAL, "Killing", why);
    } else {
      inbox.await(inbox::ended, container.time().after(BackOff.RETRY.wait(tries)));
    }
    container.probing().terminatingIf(inbox.stopRequest().isPresent());
    container.awaitTelling(
        () -> inbox.ended() || container.provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    PreStop.run(container, id, () -> stop(inbox));
    holdBack(container);
    Optional<Exit> ended = inbox.latest().flatMap(ContainerStatus::exit);
    if (ended.isPresent()) {
      return new Exited(ended.get());
    }
    container.awaitTelling(
        () -> container.provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    StopReason stop = stop(inbox);
    ChildCall<ContainerId> call = ask(container, id, stop);
    while (!call.done()) {
      StopReason asked = stop;
      container.awaitTelling(() -> call.done() || inbox.ended() || inbox.moreUrgent(asked), Inbox.FOREVER);
      if (inbox.await(() -> !call.done() && inbox.ended(), container.time().nanos())) {
        // It has ended: for an answer that does not come nobody waits long.
        inbox.await(call::done, container.time().after(ANSWER_LIMIT));
        call.cancel();
        return new Exited(exit(container, id));
      }
      if (!call.done()) {
        stop = stop(inbox);
        ask(container, id, stop);
      }
    }
    call.result();
    return new Exited(exit(container, id));
  }

  /** Why and until when it is to end, of all reasons there are the most urgent one. */
  private StopReason stop(ContainerInbox inbox) {
    Optional<StopReason> asked = inbox.stopRequest();
    return own.map(mine -> asked.map(mine::or).orElse(mine)).or(() -> asked).orElseThrow();
  }

  /** While others must end before it, it runs on; at most until its grace is over. */
  private void holdBack(ContainerContext container) throws InterruptedException {
    ContainerInbox inbox = container.inbox();
    do {
      StopReason asked = stop(inbox);
      container.awaitTelling(
          () -> inbox.ended() || !inbox.stopHeld() || inbox.moreUrgent(asked), asked.deadlineNanos());
    } while (inbox.await(() -> inbox.stopHeld() && !inbox.ended(), container.time().nanos())
        && stop(inbox).deadlineNanos() - container.time().nanos() > 0);
  }

  private static ChildCall<ContainerId> ask(ContainerContext container, ContainerId id, StopReason stop)
      throws ProviderFailure {
    Stop how = new Stop(grace(stop, container.time().nanos()), stop.why());
    return container.start(
        "stop",
        provider -> {
          provider.stopContainer(id, how);
          return id;
        });
  }

  /** Of what was used up, whole seconds count. */
  private static Duration grace(StopReason stop, long nowNanos) {
    Duration left = stop.grace(nowNanos);
    Duration whole = left.getNano() == 0 ? left : Duration.ofSeconds(left.getSeconds() + 1);
    return whole.compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : whole;
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
        .orElseGet(() -> Exited.lost(container));
  }

  @Override
  public ContainerTransitions.AfterStopping onFailure(ContainerContext container, ProviderFailure failure) {
    return new Stopping(BackOff.next(tries, failure), failure.getMessage(), own);
  }

  @Override
  public ContainerTransitions.AfterStopping onStop(ContainerContext container, StopReason why) {
    return this;
  }
}
