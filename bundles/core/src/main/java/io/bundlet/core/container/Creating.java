package io.bundlet.core.container;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;

/**
 * The runtime makes the container.
 *
 * @param image what it is made from
 * @param tries how often making it has failed in a row
 */
record Creating(ImageRef image, int tries)
    implements ContainerState<ContainerTransitions.AfterCreating>,
        ContainerTransitions.AfterImagePulling,
        ContainerTransitions.AfterCreating {
  /** The exit code that container runtimes give a container that could not be made. */
  static final int CANNOT_RUN = 128;

  @Override
  public String reason() {
    return Waiting.CONTAINER_CREATING;
  }

  @Override
  public ContainerTransitions.AfterCreating next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    ContainerRecord record = container.remember(known -> known.creating(image.id()));
    ContainerConfig config = container.plan().config().resolve(record.attempt(), image);
    SandboxScope scope = container.scope();
    try {
      ContainerId made =
          container.call("create", provider -> provider.createContainer(scope.sandbox(), config, scope.config()));
      return new Starting(made, tries);
    } catch (ProviderFailure failure) {
      if (!failure.kind().equals(ProviderFailure.EXISTS)) {
        throw failure;
      }
      container.remember(ContainerRecord::raised);
      return tries == 0
          ? new Creating(image, 1)
          : new Waiting(tries + 1, "CreateContainerError", failure.getMessage());
    }
  }

  @Override
  public ContainerTransitions.AfterCreating onFailure(ContainerContext container, ProviderFailure failure) {
    return switch (failure.kind()) {
      case ProviderFailure.INVALID, ProviderFailure.UNSUPPORTED -> new Exited(
          new Exit(
              CANNOT_RUN, "ContainerCannotRun", "image " + image.reference() + ": " + failure.getMessage(),
              container.time().now()));
      default -> new Waiting(
          BackOff.next(tries, failure),
          failure.reason().isEmpty() ? "CreateContainerError" : failure.reason(),
          failure.getMessage());
    };
  }

  @Override
  public ContainerTransitions.AfterCreating onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
