package io.bundlet.core.container;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.environment.ConfigError;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * What the manifest refers to is put together, and the runtime makes the container.
 *
 * @param image what it is made from
 * @param tries how often making it has failed in a row
 * @param missing what could not be put together; empty at first
 */
record Creating(ImageRef image, int tries, Optional<Missing> missing)
    implements ContainerState<ContainerTransitions.AfterCreating>,
        ContainerTransitions.AfterImagePulling,
        ContainerTransitions.AfterCreating {
  /** The exit code that container runtimes give a container that could not be made. */
  static final int CANNOT_RUN = 128;

  /**
   * The description could not be made.
   *
   * @param tries how often in a row
   * @param seen the state of what it is made from when that was tried
   */
  record Missing(int tries, String message, long seen) {}

  Creating(ImageRef image, int tries) {
    this(image, tries, Optional.empty());
  }

  @Override
  public String reason() {
    return missing.isPresent() ? ConfigError.REASON : Waiting.CONTAINER_CREATING;
  }

  @Override
  public String message() {
    return missing.map(Missing::message).orElse("");
  }

  @Override
  public ContainerTransitions.AfterCreating next(ContainerContext container)
      throws ProviderFailure, StopRequested, InterruptedException {
    ContainerPlan.Resolver resolver = container.plan().config();
    if (missing.isPresent()) {
      Missing before = missing.get();
      container.awaitOrStop(
          () -> resolver.changes() != before.seen(), container.time().after(BackOff.RETRY.wait(before.tries())));
    }
    long seen = resolver.changes();
    ContainerRecord record = container.remember(known -> known.creating(image.id()));
    ContainerConfig config;
    try {
      config = container.child("describe", () -> resolver.resolve(record.attempt(), image));
    } catch (ProviderFailure failure) {
      if (!failure.reason().equals(ConfigError.REASON)) {
        throw failure;
      }
      int tried = missing.map(Missing::tries).orElse(0);
      return new Creating(
          image, tries, Optional.of(new Missing(BackOff.next(tried, failure), failure.getMessage(), seen)));
    }
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
