package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.container.ContainerInbox.Unhealthy;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.time.Instant;

/**
 * The container runs until its runtime says otherwise, or until its probes say that it is to be ended.
 *
 * @param id the container
 * @param since when it was started
 * @param tries how often making it or remembering that it runs has failed in a row
 */
record Running(ContainerId id, Instant since, int tries)
    implements ContainerState<ContainerTransitions.AfterRunning>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterStarting,
        ContainerTransitions.AfterPostStart {
  @Override
  public ContainerTransitions.AfterRunning next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    ContainerInbox inbox = container.inbox();
    inbox.watch(id.value(), container.time().nanos());
    container.remember(known -> container.probing().atStart(known.running(since)));
    container.runs();
    container.probing().begin(id, since);
    container.report(this);
    String image = container.record().instance().image();
    Resizing resizing = container.resizing();
    resizing.begin();
    while (true) {
      long seen = inbox.newsSoFar();
      container.probing().tell();
      container.awaitOrStop(
          () -> inbox.ended() || inbox.isUnhealthy() || inbox.newsSince(seen) || container.imageIsNot(image)
              || resizing.due(),
          resizing.untilNanos());
      if (inbox.await(inbox::ended, container.time().nanos())) {
        return new Exited(
            inbox.latest().flatMap(ContainerStatus::exit).orElseGet(() -> Exited.lost(container)));
      }
      if (container.imageIsNot(image)) {
        return changed(container, "definition");
      }
      if (inbox.unhealthy().isPresent()) {
        return ended(container, inbox.unhealthy().get());
      }
      if (resizing.due() && !resizing.apply(id)) {
        return changed(container, "resources");
      }
    }
  }

  private static Stopping changed(ContainerContext container, String what) {
    String why = "Container " + container.plan().name() + " " + what + " changed, will be restarted";
    return Stopping.because(new StopReason(why, container.time().after(container.plan().grace())));
  }

  private static Stopping ended(ContainerContext container, Unhealthy how) {
    Duration grace = how.grace().orElse(container.plan().grace());
    boolean again = container.plan().restart().restarts(Exit.KILLED);
    String why = how.message() + (again ? ", will be restarted" : "");
    return Stopping.because(new StopReason(why, container.time().after(grace)));
  }

  @Override
  public ContainerTransitions.AfterRunning onFailure(ContainerContext container, ProviderFailure failure) {
    return new Waiting(BackOff.next(tries, failure), Waiting.RUN_CONTAINER_ERROR, failure.getMessage());
  }

  @Override
  public ContainerTransitions.AfterRunning onStop(ContainerContext container, StopReason why) {
    return Stopping.first();
  }
}
