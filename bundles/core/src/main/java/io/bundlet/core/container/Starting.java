package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.time.Instant;

/**
 * The runtime starts the container. From here on its code may run, which is remembered first.
 *
 * @param id the container
 * @param tries how often making or starting it has failed in a row
 */
record Starting(ContainerId id, int tries)
    implements ContainerState<ContainerTransitions.AfterStarting>,
        ContainerTransitions.AfterCreating,
        ContainerTransitions.AfterWaiting {
  @Override
  public String reason() {
    return Waiting.CONTAINER_CREATING;
  }

  @Override
  public ContainerTransitions.AfterStarting next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    container.remember(known -> known.starting(id.value()));
    container.inbox().watch(id.value(), container.time().nanos());
    try {
      container.call(
          "start",
          provider -> {
            provider.startContainer(id);
            return id;
          });
    } catch (ProviderFailure failure) {
      if (!failure.kind().equals(ProviderFailure.NOT_FOUND)) {
        throw failure;
      }
      // There is no such container, whatever the runtime has said when it made it. The same call finds what it made.
      container.remember(known -> known.creating(known.imageId()));
      return new Waiting(BackOff.next(tries, failure), Waiting.RUN_CONTAINER_ERROR, failure.getMessage());
    }
    Instant since =
        container.inbox().latest().flatMap(ContainerStatus::startedAt).orElseGet(container.time()::now);
    container.events().event("", EventSink.NORMAL, "Started", "Started container " + container.plan().name());
    return PostStart.wanted(container) ? new PostStart(id, since, tries) : new Running(id, since, tries);
  }

  @Override
  public ContainerTransitions.AfterStarting onFailure(ContainerContext container, ProviderFailure failure) {
    boolean mayComeBack = failure.kind().equals(ProviderFailure.UNAVAILABLE) || !failure.outcomeKnown();
    container.events().event("", EventSink.WARNING, "Failed", "Error: " + failure.getMessage());
    container.waitsBecause(Waiting.RUN_CONTAINER_ERROR, failure.getMessage());
    return mayComeBack
        ? new Waiting(BackOff.next(tries, failure), Waiting.RUN_CONTAINER_ERROR, failure.getMessage())
        : new Exited(
            new Exit(Creating.CANNOT_RUN, "StartError", failure.getMessage(), container.time().now()));
  }

  @Override
  public ContainerTransitions.AfterStarting onStop(ContainerContext container, StopReason why) {
    return container.record().mayRun()
        ? Stopping.first()
        : new Exited(
            new Exit(Exit.KILLED, Exit.ERROR, "stopped before it was started", container.time().now()));
  }
}
