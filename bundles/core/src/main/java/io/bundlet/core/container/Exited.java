package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container has ended; whether it is made again is decided by its restart policy.
 *
 * @param exit how it ended
 * @param tries how often this could not be remembered in a row
 */
record Exited(Exit exit, int tries)
    implements ContainerState<ContainerTransitions.AfterExited>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterCreating,
        ContainerTransitions.AfterStarting,
        ContainerTransitions.AfterPostStart,
        ContainerTransitions.AfterRunning,
        ContainerTransitions.AfterStopping,
        ContainerTransitions.AfterExited {
  private static final Logger LOG = LoggerFactory.getLogger(Exited.class);
  /** For longer the next instance does not wait for the removal of this one. */
  private static final Duration REMOVE_LIMIT = Duration.ofSeconds(5);

  Exited(Exit exit) {
    this(exit, 0);
  }

  /** The exit of a container that was running and is gone without a trace. */
  static Exit lost(ContainerContext container) {
    return new Exit(
        Exit.KILLED, Exit.CONTAINER_STATUS_UNKNOWN,
        container.inbox().stopRequest().isPresent()
            ? "The container could not be located when the pod was terminated"
            : "The container could not be located when the pod was deleted.  The container used to be Running",
        container.time().now());
  }

  /** How it ended is remembered first, also when it ended because it was to stop. */
  @Override
  public boolean heedsStop() {
    return false;
  }

  @Override
  public String reason() {
    return exit.reason();
  }

  @Override
  public String message() {
    return exit.message();
  }

  @Override
  public ContainerTransitions.AfterExited next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    container.probing().close();
    if (tries > 0) {
      container.inbox().await(() -> false, container.time().after(BackOff.RETRY.wait(tries)));
    }
    if (counted(container.record())) {
      return next(container, container.remember(known -> known));
    }
    Exit whole = told(container).exit();
    ContainerRecord record =
        container.remember(known -> known.progress() == ContainerRecord.Progress.EXITED ? known : known.exited(whole));
    container.report(new Exited(record.exit().orElse(whole), tries));
    if (!record.instance().messageFile().isEmpty()) {
      TerminationMessages.remove(container.messages().resolve(record.instance().messageFile()));
    }
    // As in Kubernetes: whatever the policy says, another image is another container.
    boolean outdated = container.outdated();
    boolean again = outdated || container.plan().restart().restarts(exit.code());
    if (!again || container.inbox().stopRequest().isPresent()) {
      container.remember(ContainerRecord::done);
      return new Done();
    }
    if (exit.reason().equals(Exit.RUNTIME_UPGRADED)) {
      // The pod starts over in a new sandbox and abandons this machine.
      container.awaitOrStop(() -> false, Inbox.FOREVER);
    }
    remove(container, record);
    int level = outdated ? 0 : nextLevel(record);
    Duration wait =
        outdated || exit.reason().equals(Exit.CONTAINER_STATUS_UNKNOWN) ? Duration.ZERO : CrashLoopBackOff.whole(level);
    Optional<Instant> until = wait.isZero() ? Optional.empty() : Optional.of(exit.finishedAt().plus(wait));
    return next(container, container.remember(known -> known.again(level, until)));
  }

  /** The same with what the container has left for people, which is told with its end and not after it. */
  Exited told(ContainerContext container) {
    ContainerRecord record = container.record();
    if (record.progress() == ContainerRecord.Progress.EXITED) {
      return new Exited(record.exit().orElse(exit), tries);
    }
    return counted(record) ? this : new Exited(withMessage(container), tries);
  }

  /** Whether the next attempt is the record's already, and only the saving of that has failed. */
  private boolean counted(ContainerRecord record) {
    return tries > 0
        && record.progress() == ContainerRecord.Progress.NEW
        && record.lastExit().filter(this::same).isPresent();
  }

  /** The same exit, perhaps with the container's own words. */
  private boolean same(Exit other) {
    return other.code() == exit.code() && other.finishedAt().equals(exit.finishedAt());
  }

  /** What the container has left for people goes with how it ended. */
  private Exit withMessage(ContainerContext container) {
    ContainerRecord record = container.record();
    ContainerPlan plan = container.plan();
    String file = record.instance().messageFile();
    boolean logs = "FallbackToLogsOnError".equals(plan.manifest().getTerminationMessagePolicy());
    Path log =
        container.scope().config().logDirectory().resolve(plan.name()).resolve(record.attempt() + ".log");
    return TerminationMessages.with(
        exit, file.isEmpty() ? null : container.messages().resolve(file), logs ? log : null, plan.messageBytes());
  }

  private static ContainerTransitions.AfterExited next(ContainerContext container, ContainerRecord again) {
    Optional<CrashLoopBackOff> heldBack = CrashLoopBackOff.of(container, again);
    return heldBack.isPresent() ? heldBack.get() : new ImagePulling(0);
  }

  private int nextLevel(ContainerRecord record) {
    if (exit.reason().equals(Exit.CONTAINER_STATUS_UNKNOWN)) {
      return record.backOffLevel();
    }
    Duration ran = record.startedAt().map(start -> Duration.between(start, exit.finishedAt())).orElse(Duration.ZERO);
    return ran.compareTo(BackOff.FORGET_AFTER) > 0 ? 1 : record.backOffLevel() + 1;
  }

  /** Its log stays. What cannot be removed now goes when the provider has listed it, or with the sandbox. */
  private static void remove(ContainerContext container, ContainerRecord record)
      throws StopRequested, InterruptedException {
    if (record.id().isEmpty()) {
      return;
    }
    ContainerId id = container.id();
    container.awaitOrStop(() -> container.provider().filter(ProviderHandle::ready).isPresent(), Inbox.FOREVER);
    try {
      ChildCall<ContainerId> call = container.start("remove", provider -> {
        provider.removeContainer(id);
        return id;
      });
      if (container.awaitOrStop(call::done, container.time().after(REMOVE_LIMIT))) {
        call.result();
      } else {
        call.cancel();
        LOG.info("container {} is not removed within {}, and left to be removed later", id, REMOVE_LIMIT);
      }
    } catch (ProviderFailure failure) {
      LOG.info("container {} is left to be removed later: {}", id, failure.getMessage());
    }
  }

  @Override
  public ContainerTransitions.AfterExited onFailure(ContainerContext container, ProviderFailure failure) {
    return new Exited(exit, BackOff.next(tries, failure));
  }

  @Override
  public ContainerTransitions.AfterExited onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
