package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderWork;
import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.reach.ExecCall;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodMemory;
import io.bundlet.core.time.NodeTime;
import io.bundlet.statemachine.StopRequested;
import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a container's states work with. Belongs to the container's thread. */
final class ContainerContext {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerContext.class);

  private volatile ContainerPlan plan;
  private final SandboxScope scope;
  private final PodMemory memory;
  private final ContainerServices services;
  private final EventSink events;
  private final ContainerInbox inbox;
  private final Consumer<ContainerSnapshot> sink;
  private final Probing probing;
  private final Resizing resizing;
  private ContainerTransitions.ContainerMove state;
  private String waitingReason = Waiting.CONTAINER_CREATING;
  private String waitingMessage = "";

  ContainerContext(
      ContainerPlan plan,
      SandboxScope scope,
      PodMemory memory,
      ContainerServices services,
      EventSink events,
      Consumer<ContainerSnapshot> sink) {
    this.plan = plan;
    this.scope = scope;
    this.memory = memory;
    this.services = services;
    this.events = events;
    this.inbox = new ContainerInbox(services.time());
    this.sink = sink;
    this.probing = new Probing(this);
    this.resizing = new Resizing(this, plan.manifest());
  }

  ContainerPlan plan() {
    return plan;
  }

  /** The manifest names this image now. May be called from any thread. */
  void image(String named) {
    synchronized (this) {
      plan = plan.withImage(named);
    }
    inbox.nudge();
  }

  /** The manifest says this now beside the image. May be called from any thread. */
  void manifest(Container now) {
    synchronized (this) {
      plan = plan.withManifest(now);
      resizing.wanted(now);
    }
    inbox.nudge();
  }

  /** Whether the manifest names another image than it did when this was asked for. Quick. */
  boolean imageIsNot(String before) {
    return !before.isEmpty() && !before.equals(plan.image());
  }

  /** Whether the present instance was made of another image than the manifest names now, or is too small for it. */
  boolean outdated() {
    return imageIsNot(record().instance().image()) || resizing.madeAgain();
  }

  SandboxScope scope() {
    return scope;
  }

  ContainerServices services() {
    return services;
  }

  NodeTime time() {
    return services.time();
  }

  Probing probing() {
    return probing;
  }

  Resizing resizing() {
    return resizing;
  }

  /** This instance of the container, as probes and hooks reach it. */
  ContainerTarget target(ContainerId id) {
    return ContainerTarget.of(
        scope.pod().namespace() + "/" + scope.pod().name(), plan.manifest(), scope.address(),
        ExecCall.through(services.providers(), scope.provider(), id));
  }

  /** The directory of the files for the container's last words. */
  Path messages() {
    return TerminationMessages.directory(services.directories().of(scope.pod().uid()), plan.name());
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

  /** The same, where that it cannot be saved now is no reason not to go on. */
  void rememberIfPossible(UnaryOperator<ContainerRecord> change) throws InterruptedException {
    try {
      remember(change);
    } catch (ProviderFailure unsaved) {
      LOG.warn("container {} of pod {} goes on, but that is not remembered: {}", plan.name(), scope.pod(),
          unsaved.getMessage());
    }
  }

  /** Waits for the provider and does a call; a stop request ends the wait and cancels the call. */
  <T> T call(String what, ProviderWork<T> work) throws ProviderFailure, StopRequested, InterruptedException {
    awaitOrStop(() -> provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    return inbox.resultOrStop(start(what, work));
  }

  /** The same, for so long at most once it is under way. @param late what is thrown when it is not done then */
  <T> T call(String what, ProviderWork<T> work, Duration limit, ProviderFailure late)
      throws ProviderFailure, StopRequested, InterruptedException {
    awaitOrStop(() -> provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    return inbox.resultOrStop(start(what, work), time().after(limit), late);
  }

  /** Does work that may block in a thread of its own; a stop request cancels it. */
  <T> T child(String what, ChildCall.Work<T> work) throws ProviderFailure, StopRequested, InterruptedException {
    return inbox.resultOrStop(ChildCall.start(what + "-" + plan.name(), work, inbox::nudge));
  }

  /** Starts a call with the provider; fails at once when there is none. */
  <T> ChildCall<T> start(String what, ProviderWork<T> work) throws ProviderFailure {
    return services.providers().here(scope.provider()).call(what + "-" + plan.name(), work, inbox::nudge);
  }

  Optional<ProviderHandle> provider() {
    return services.providers().named(scope.provider());
  }

  /** Waits for a condition; a stop request ends the wait. @return whether the condition holds */
  boolean awaitOrStop(BooleanSupplier met, long untilNanos) throws StopRequested, InterruptedException {
    return inbox.awaitOrStop(met, untilNanos);
  }

  /** Waits for a condition, and tells meanwhile what probes find. */
  void awaitTelling(BooleanSupplier met, long untilNanos) throws InterruptedException {
    while (true) {
      long seen = inbox.newsSoFar();
      probing.tell();
      boolean woken = inbox.await(() -> met.getAsBoolean() || inbox.newsSince(seen), untilNanos);
      if (!woken || inbox.await(met, time().nanos())) {
        return;
      }
    }
  }

  ContainerId id() {
    return new ContainerId(record().id());
  }

  /** While it waits to be made again, this is why; until it runs. */
  void waitsBecause(String reason, String message) {
    waitingReason = reason;
    waitingMessage = message;
  }

  /** It runs: what went wrong before is over. */
  void runs() {
    waitsBecause(Waiting.CONTAINER_CREATING, "");
  }

  /** Tells the pod how the container is now. */
  void report(ContainerTransitions.ContainerMove now) {
    state = now;
    reportAgain();
  }

  /** Tells the pod what has changed within the state that was reported last. */
  void reportAgain() {
    ContainerRecord record = record();
    ContainerSnapshot.Kind kind =
        switch (state) {
          // Who is ended before its postStart was done has never counted as running.
          case Stopping _ when PostStart.wanted(this) -> ContainerSnapshot.Kind.WAITING;
          case Running _, Stopping _ -> ContainerSnapshot.Kind.RUNNING;
          case Exited _ -> ContainerSnapshot.Kind.TERMINATED;
          case Done _, Waiting _ when record.exit().isPresent() -> ContainerSnapshot.Kind.TERMINATED;
          // Until it has been looked at once more, it is what it was: nobody is to see it fail and come back.
          case Waiting _ when record.runs() -> ContainerSnapshot.Kind.RUNNING;
          default -> ContainerSnapshot.Kind.WAITING;
        };
    // An exit is told as soon as it is known, which is before it is remembered.
    Optional<Exit> exit = state instanceof Exited exited ? Optional.of(exited.exit()) : record.exit();
    // So is that it runs, and nobody is to see it run without since when.
    Optional<Instant> startedAt = state instanceof Running runs ? Optional.of(runs.since()) : record.startedAt();
    boolean running = kind == ContainerSnapshot.Kind.RUNNING;
    boolean ready =
        plan.type() == ContainerType.INIT
            ? exit.filter(how -> kind == ContainerSnapshot.Kind.TERMINATED && how.code() == 0).isPresent()
            : running && probing.ready();
    boolean early = state instanceof Stopping && kind == ContainerSnapshot.Kind.WAITING;
    boolean before = state instanceof Waiting && kind != ContainerSnapshot.Kind.WAITING;
    boolean plain = !early && !before && state.reason().equals(Waiting.CONTAINER_CREATING);
    if (kind == ContainerSnapshot.Kind.WAITING && !early && !plain && !state.reason().isEmpty()) {
      // While it is tried again, nothing is better yet.
      waitsBecause(state.reason(), state.message());
    }
    if (state instanceof Exited ended && neverRan(ended.exit())) {
      sink.accept(
          new ContainerSnapshot(
              plan.name(), plan.type(), Waiting.class.getSimpleName(), ContainerSnapshot.Kind.WAITING, waitingReason,
              waitingMessage, record.restarts(), record.id(), record.toldImage(), record.startedAt(), Optional.empty(),
              exit, false, false));
      return;
    }
    String reason = before ? "" : early ? Waiting.CONTAINER_CREATING : plain ? waitingReason : state.reason();
    // It counts as made again when it runs or its start has failed.
    boolean starts = (early || plain) && record.lastExit().isPresent();
    int restarts = starts ? Math.max(0, record.attempt() - 1) : record.restarts();
    sink.accept(
        new ContainerSnapshot(
            plan.name(), plan.type(), state.getClass().getSimpleName(), kind, reason,
            plain && state.message().isEmpty() ? waitingMessage : state.message(), restarts, record.id(),
            record.toldImage(), startedAt, exit, record.lastExit(), running && probing.started(), ready));
  }

  /**
   * Whether its start has failed and is tried again: as in Kubernetes, that it waits, and why, is told instead of its
   * end, which is told as the one before.
   */
  private boolean neverRan(Exit how) {
    return !waitingReason.equals(Waiting.CONTAINER_CREATING) && plan.restart().restarts(how.code())
        && !how.reason().equals(Exit.RUNTIME_UPGRADED) && inbox.stopRequest().isEmpty();
  }
}
