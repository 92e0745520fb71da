package io.bundlet.api.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A container as its runtime sees it.
 *
 * @param id its id
 * @param sandbox the sandbox that it is in
 * @param pod the pod that it was made for
 * @param name the container's name in the pod
 * @param attempt the attempt that it was made with
 * @param state one of {@link #CREATED}, {@link #RUNNING}, {@link #EXITED}; anything else reads as {@link #UNKNOWN}
 * @param createdAt when it was made
 * @param startedAt when it started; empty before
 * @param exit how it ended; present when and only when {@code state} is {@link #EXITED}
 * @param imageId what it was made from, in digest form where the runtime knows it
 * @param notes what should be known of it, a few at most; they stay for its life
 */
public record ContainerStatus(
    ContainerId id,
    SandboxId sandbox,
    PodId pod,
    String name,
    int attempt,
    String state,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Exit> exit,
    String imageId,
    List<ContainerNote> notes) {
  /** Made, not started. */
  public static final String CREATED = "Created";
  /** Started, not ended. */
  public static final String RUNNING = "Running";
  /** Ended. */
  public static final String EXITED = "Exited";
  /** The runtime cannot say. */
  public static final String UNKNOWN = "Unknown";

  public ContainerStatus {
    Objects.requireNonNull(id);
    Objects.requireNonNull(sandbox);
    Objects.requireNonNull(pod);
    notes = List.copyOf(notes);
    if (state.equals(EXITED) != exit.isPresent()) {
      throw new IllegalArgumentException("container " + id + ": an exit belongs to the state Exited, not to " + state);
    }
  }

  /** A container without notes. */
  public ContainerStatus(
      ContainerId id,
      SandboxId sandbox,
      PodId pod,
      String name,
      int attempt,
      String state,
      Instant createdAt,
      Optional<Instant> startedAt,
      Optional<Exit> exit,
      String imageId) {
    this(id, sandbox, pod, name, attempt, state, createdAt, startedAt, exit, imageId, List.of());
  }

  /** The same container, started at this moment. */
  public ContainerStatus running(Instant at) {
    return new ContainerStatus(
        id, sandbox, pod, name, attempt, RUNNING, createdAt, Optional.of(at), Optional.empty(), imageId, notes);
  }

  /** The same container, ended like this. */
  public ContainerStatus exited(Exit how) {
    return new ContainerStatus(
        id, sandbox, pod, name, attempt, EXITED, createdAt, startedAt, Optional.of(how), imageId,
        notes);
  }

  /** The same container, of which this should be known. */
  public ContainerStatus noted(List<ContainerNote> what) {
    return new ContainerStatus(
        id, sandbox, pod, name, attempt, state, createdAt, startedAt, exit, imageId, what);
  }
}
