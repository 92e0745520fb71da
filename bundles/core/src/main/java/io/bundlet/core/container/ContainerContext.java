package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.provider.ProviderWork;
import io.bundlet.core.status.Shown;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodMemory;
import io.bundlet.core.time.NodeTime;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What a container's states work with. Belongs to the container's thread. */
final class ContainerContext {
  private final ContainerPlan plan;
  private final SandboxScope scope;
  private final PodMemory memory;
  private final ProviderRegistry providers;
  private final NodeTime time;
  private final EventSink events;
  private final ContainerInbox inbox;
  private final Consumer<ContainerSnapshot> sink;

  ContainerContext(
      ContainerPlan plan,
      SandboxScope scope,
      PodMemory memory,
      ProviderRegistry providers,
      NodeTime time,
      EventSink events,
      Consumer<ContainerSnapshot> sink) {
    this.plan = plan;
    this.scope = scope;
    this.memory = memory;
    this.providers = providers;
    this.time = time;
    this.events = events;
    this.inbox = new ContainerInbox(time);
    this.sink = sink;
  }

  ContainerPlan plan() {
    return plan;
  }

  SandboxScope scope() {
    return scope;
  }

  NodeTime time() {
    return time;
  }

  /** Takes what happens to the container. */
  EventSink events() {
    return events;
  }

  ContainerInbox inbox() {
    return inbox;
  }

  ContainerRecord record() {
    return memory.record().container(plan.name());
  }

  /** Changes what is remembered of the container; on disk when it returns. */
  ContainerRecord remember(UnaryOperator<ContainerRecord> change) throws ProviderFailure, InterruptedException {
    return memory
        .change(pod -> pod.withContainer(change.apply(pod.container(plan.name()))))
        .container(plan.name());
  }

  /** Waits for the provider and does a call; a stop request ends the wait and cancels the call. */
  <T> T call(String what, ProviderWork<T> work) throws ProviderFailure, StopRequested, InterruptedException {
    awaitOrStop(() -> provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    return inbox.resultOrStop(start(what, work));
  }

  /** Does work that may block in a thread of its own; a stop request cancels it. */
  <T> T child(String what, ChildCall.Work<T> work) throws ProviderFailure, StopRequested, InterruptedException {
    return inbox.resultOrStop(ChildCall.start(what + "-" + plan.name(), work, inbox::nudge));
  }

  /** Starts a call with the provider; fails at once when there is none. */
  <T> ChildCall<T> start(String what, ProviderWork<T> work) throws ProviderFailure {
    return providers.here(scope.provider()).call(what + "-" + plan.name(), work, inbox::nudge);
  }

  Optional<ProviderHandle> provider() {
    return providers.named(scope.provider());
  }

  /** Waits for a condition; a stop request ends the wait. @return whether the condition holds */
  boolean awaitOrStop(BooleanSupplier met, long untilNanos) throws StopRequested, InterruptedException {
    return inbox.awaitOrStop(met, untilNanos);
  }

  ContainerId id() {
    return new ContainerId(record().id());
  }

  /** Tells the pod how the container is now. */
  void report(ContainerTransitions.ContainerMove state) {
    report(state.getClass().getSimpleName(), state);
  }

  private void report(String state, Shown shown) {
    ContainerRecord record = record();
    ContainerSnapshot.Kind kind =
        switch (shown) {
          case Running _, Stopping _ -> ContainerSnapshot.Kind.RUNNING;
          case Exited _ -> ContainerSnapshot.Kind.TERMINATED;
          case Done _ when record.exit().isPresent() -> ContainerSnapshot.Kind.TERMINATED;
          default -> ContainerSnapshot.Kind.WAITING;
        };
    // An exit is told as soon as it is known, which is before it is remembered.
    Optional<Exit> exit = shown instanceof Exited exited ? Optional.of(exited.exit()) : record.exit();
    boolean running = kind == ContainerSnapshot.Kind.RUNNING;
    boolean ready =
        plan.type() == ContainerType.INIT
            ? exit.filter(how -> kind == ContainerSnapshot.Kind.TERMINATED && how.code() == 0).isPresent()
            : running;
    sink.accept(
        new ContainerSnapshot(
            plan.name(), plan.type(), state, kind, shown.reason(), shown.message(), record.attempt(), record.id(),
            record.imageId(), record.startedAt(), exit, record.lastExit(), running, ready));
  }
}
