package io.bundlet.core.container;

import io.bundlet.api.runtime.Exit;
import java.time.Instant;
import java.util.Optional;

/**
 * A container at one moment.
 *
 * @param name its name in the pod
 * @param type what it is in its pod
 * @param state the name of its machine's state
 * @param kind what Kubernetes' status makes of that state
 * @param reason one word when it waits or has ended, else empty
 * @param message for people; may be empty
 * @param attempt its restart count
 * @param id its id in the runtime; empty before it was made
 * @param imageId what it was made from; empty before
 * @param startedAt when this attempt was started
 * @param exit how this attempt ended
 * @param lastExit how the attempt before it ended
 * @param started whether it runs and its startup probe, if it has one, has succeeded
 * @param ready whether it serves; of an init container: whether it has ended well
 */
public record ContainerSnapshot(
    String name,
    ContainerType type,
    String state,
    Kind kind,
    String reason,
    String message,
    int attempt,
    String id,
    String imageId,
    Optional<Instant> startedAt,
    Optional<Exit> exit,
    Optional<Exit> lastExit,
    boolean started,
    boolean ready) {
  /** The three states of a container in Kubernetes' status. */
  public enum Kind {
    WAITING,
    RUNNING,
    TERMINATED,
    /** Nothing is known of it. */
    UNKNOWN
  }

  /** The reason of a container that waits for nothing but its making. */
  public static final String CONTAINER_CREATING = Waiting.CONTAINER_CREATING;

  /** A container of which nothing has been done yet. */
  public static ContainerSnapshot waiting(String name, ContainerType type) {
    return new ContainerSnapshot(
        name, type, Waiting.class.getSimpleName(), Kind.WAITING, Waiting.CONTAINER_CREATING, "", 0, "", "",
        Optional.empty(), Optional.empty(), Optional.empty(), false, false);
  }

  /** The same with this reason. */
  public ContainerSnapshot withReason(String other) {
    return new ContainerSnapshot(
        name, type, state, kind, other, message, attempt, id, imageId, startedAt, exit, lastExit, started, ready);
  }

  /** Whether it has ended for good. */
  public boolean done() {
    return state.equals(Done.class.getSimpleName());
  }

  /** Whether what it ran on was exchanged under it, so that the pod must start over. */
  public boolean upgradedAway() {
    return type != ContainerType.EPHEMERAL && kind == Kind.TERMINATED && exit.isPresent() && exit.get().reason()
        .equals(Exit.RUNTIME_UPGRADED);
  }
}
