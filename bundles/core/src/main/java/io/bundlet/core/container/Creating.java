package io.bundlet.core.container;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.core.environment.ConfigError;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.NodeFiles;
import io.bundlet.core.security.ImageUser;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the manifest refers to is put together, and the runtime makes the container.
 *
 * @param image what it is made from
 * @param digest what that is called wherever it may come from; may be empty
 * @param tries how often making it has failed in a row
 * @param missing what could not be put together; empty at first
 */
record Creating(ImageRef image, String digest, int tries, Optional<Missing> missing)
    implements ContainerState<ContainerTransitions.AfterCreating>,
        ContainerTransitions.AfterImagePulling,
        ContainerTransitions.AfterCreating {
  /** The exit code that container runtimes give a container that could not be made. */
  static final int CANNOT_RUN = 128;

  /** Its image or module can never run here. */
  static final String CONTAINER_CANNOT_RUN = "ContainerCannotRun";

  private static final String DEFAULT_MESSAGE_PATH = "/dev/termination-log";
  private static final String CREATE_CONTAINER_ERROR = "CreateContainerError";

  /**
   * The description could not be made.
   *
   * @param tries how often in a row
   * @param seen the state of what it is made from when that was tried
   */
  record Missing(int tries, String message, long seen) {}

  Creating(ImageRef image, String digest, int tries) {
    this(image, digest, tries, Optional.empty());
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
    Optional<Resources> resources = container.resizing().wanted();
    int attempt = container.record().attempt();
    ContainerConfig config;
    String words = "";
    try {
      config = asUserOfTheImage(container, container.child("describe", () -> resolver.resolve(attempt, image)));
      Optional<Mount> file = messageFile(container, config);
      if (file.isPresent()) {
        words = file.get().hostPath().getFileName().toString();
        config = config.withMounts(Stream.concat(config.mounts().stream(), file.stream()).toList());
      }
    } catch (ProviderFailure failure) {
      if (!failure.reason().equals(ConfigError.REASON)) {
        throw failure;
      }
      int tried = missing.map(Missing::tries).orElse(0);
      container.events().event("", EventSink.WARNING, "Failed", "Error: " + failure.getMessage());
      return new Creating(
          image, digest, tries, Optional.of(new Missing(BackOff.next(tried, failure), failure.getMessage(), seen)));
    }
    SandboxScope scope = container.scope();
    String messageFile = words;
    ContainerConfig wanted = config;
    container.remember(known -> known.creating(image.id()).with(
        known.instance().madeOf(image.reference(), digest, resources).withMessageFile(messageFile)));
    try {
      ContainerId made =
          container.call("create", provider -> provider.createContainer(scope.sandbox(), wanted, scope.config()));
      container.events().event("", EventSink.NORMAL, "Created", "Created container: " + container.plan().name());
      return new Starting(made, tries);
    } catch (ProviderFailure failure) {
      if (!failure.kind().equals(ProviderFailure.EXISTS)) {
        throw failure;
      }
      container.remember(ContainerRecord::raised);
      return tries == 0
          ? new Creating(image, digest, 1)
          : new Waiting(tries + 1, CREATE_CONTAINER_ERROR, failure.getMessage());
    }
  }

  /** Looked at each time: another image may have come under the same name. */
  private static ContainerConfig asUserOfTheImage(ContainerContext container, ContainerConfig config)
      throws ProviderFailure, InterruptedException, StopRequested {
    if (!ImageUser.matters(config.security())) {
      return config;
    }
    Optional<ImageInfo> info =
        container.call("find-image", provider -> provider.images().find(config.image().id()));
    String user = info.map(ImageInfo::user).orElseThrow(() -> ProviderFailure.of(
        ProviderFailure.NOT_FOUND, "the image " + config.image().reference() + " is not here any more"));
    return config.withSecurity(
        new ImageUser(user).in(config.security(), container.scope().pod(), container.plan().name()));
  }

  /** Where the provider can mount a single file, the container gets one for its last words. */
  private static Optional<Mount> messageFile(ContainerContext container, ContainerConfig config)
      throws ProviderFailure, InterruptedException, StopRequested {
    String asked = container.plan().manifest().getTerminationMessagePath();
    String path = asked == null || asked.isEmpty() ? DEFAULT_MESSAGE_PATH : asked;
    List<String> others = config.mounts().stream().map(Mount::containerPath).toList();
    if (!container.call("parts", provider -> NodeFiles.possible(provider.part(FileMounts.class), path, others))) {
      return Optional.empty();
    }
    Path directory = container.messages();
    String name;
    try {
      container.services().directories().make(container.scope().pod().uid());
      name = TerminationMessages.make(directory);
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the file for the termination message cannot be made: " + failed, failed);
    }
    return Optional.of(new Mount(path, directory.resolve(name), false));
  }

  @Override
  public ContainerTransitions.AfterCreating onFailure(ContainerContext container, ProviderFailure failure) {
    container.events().event("", EventSink.WARNING, "Failed", "Error: " + failure.getMessage());
    boolean never =
        failure.kind().equals(ProviderFailure.INVALID) || failure.kind().equals(ProviderFailure.UNSUPPORTED);
    if (never && failure.reason().isEmpty()) {
      container.waitsBecause(Waiting.RUN_CONTAINER_ERROR, failure.getMessage());
      return new Exited(
          new Exit(
              CANNOT_RUN, CONTAINER_CANNOT_RUN, "image " + image.reference() + ": " + failure.getMessage(),
              container.time().now()));
    }
    return new Waiting(
        BackOff.next(tries, failure), failure.reason().isEmpty() ? CREATE_CONTAINER_ERROR : failure.reason(),
        failure.getMessage());
  }

  @Override
  public ContainerTransitions.AfterCreating onStop(ContainerContext container, StopReason why) {
    return new Done();
  }
}
