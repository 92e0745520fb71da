package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.time.Instant;

/**
 * The container runs until its runtime says otherwise.
 *
 * @param id the container
 * @param since when it was started
 * @param tries how often making it or remembering that it runs has failed in a row
 */
record Running(ContainerId id, Instant since, int tries)
    implements ContainerState<ContainerTransitions.AfterRunning>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterStarting {
  @Override
  public ContainerTransitions.AfterRunning next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    container.inbox().watch(id.value(), container.time().nanos());
    container.remember(known -> known.running(since));
    container.report(this);
    container.awaitOrStop(container.inbox()::ended, Inbox.FOREVER);
    return new Exited(
        container.inbox().latest().flatMap(ContainerStatus::exit)
            .orElseGet(() -> Exited.lost(container.time().now())));
  }

  @Override
  public ContainerTransitions.AfterRunning onFailure(ContainerContext container, ProviderFailure failure) {
    return new Waiting(BackOff.next(tries, failure), "RunContainerError", failure.getMessage());
  }

  @Override
  public ContainerTransitions.AfterRunning onStop(ContainerContext container, StopReason why) {
    return Stopping.first();
  }
}
