package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.time.Instant;
import java.util.Optional;

/**
 * The way in: nothing has been done yet, or something has been done that must be looked at first (after a restart of
 * the core, or a call whose outcome is not known), or making it failed and is tried again.
 *
 * @param tries how often making it has failed in a row
 */
record Waiting(int tries, String reason, String message)
    implements ContainerState<ContainerTransitions.AfterWaiting>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterCreating,
        ContainerTransitions.AfterStarting,
        ContainerTransitions.AfterPostStart,
        ContainerTransitions.AfterRunning {
  /** The word of states in which nothing is wrong; the pod is told the word that fits it. */
  static final String CONTAINER_CREATING = "ContainerCreating";

  static final String RUN_CONTAINER_ERROR = "RunContainerError";

  static Waiting first() {
    return new Waiting(0, CONTAINER_CREATING, "");
  }

  @Override
  public ContainerTransitions.AfterWaiting next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries > 0) {
      container.awaitOrStop(() -> false, container.time().after(BackOff.RETRY.wait(tries)));
    }
    ContainerRecord record = container.record();
    return switch (record.progress()) {
      case DONE -> new Done();
      case EXITED -> new Exited(record.exit().orElseThrow());
      case STARTING -> adopt(container);
      case NEW -> heldBackOrPulling(container, record);
      case CREATING -> new ImagePulling(tries);
    };
  }

  /** A crash loop's wait goes on where the core or the sandbox before left it. */
  private ContainerTransitions.AfterWaiting heldBackOrPulling(ContainerContext container, ContainerRecord record) {
    Optional<CrashLoopBackOff> heldBack = CrashLoopBackOff.of(container, record);
    return heldBack.isPresent() ? heldBack.get() : new ImagePulling(tries);
  }

  /** The runtime was asked to start it: it runs, has ended, was never started, or is gone. */
  private ContainerTransitions.AfterWaiting adopt(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    container.awaitOrStop(() -> container.provider().filter(known -> known.listed()).isPresent(), Inbox.FOREVER);
    Optional<ContainerStatus> found;
    try {
      found = Optional.of(container.call("status", provider -> provider.containerStatus(container.id())));
    } catch (ProviderFailure failure) {
      if (!failure.kind().equals(ProviderFailure.NOT_FOUND)) {
        throw failure;
      }
      found = Optional.empty();
    }
    if (found.isEmpty()) {
      return new Exited(Exited.lost(container));
    }
    ContainerStatus status = found.get();
    return switch (status.state()) {
      case ContainerStatus.CREATED -> new Starting(status.id(), tries);
      case ContainerStatus.EXITED -> new Exited(status.exit().orElseThrow());
      case ContainerStatus.RUNNING -> running(container, status);
      default -> new Exited(
          new Exit(
              Exit.KILLED, Exit.CONTAINER_STATUS_UNKNOWN, "the runtime cannot say how the container is",
              container.time().now()));
    };
  }

  private ContainerTransitions.AfterWaiting running(ContainerContext container, ContainerStatus status) {
    // What was told once stays: the node's clock and the runtime's may have read another second.
    Instant since = container.record().startedAt().or(status::startedAt).orElse(status.createdAt());
    return PostStart.wanted(container)
        ? new PostStart(status.id(), since, tries)
        : new Running(status.id(), since, tries);
  }

  @Override
  public ContainerTransitions.AfterWaiting onFailure(ContainerContext container, ProviderFailure failure) {
    return new Waiting(BackOff.next(tries, failure), reason, failure.getMessage());
  }

  @Override
  public ContainerTransitions.AfterWaiting onStop(ContainerContext container, StopReason why) {
    return container.record().mayRun() ? Stopping.first() : new Done();
  }
}
