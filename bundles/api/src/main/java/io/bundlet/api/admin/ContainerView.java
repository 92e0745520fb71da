package io.bundlet.api.admin;

import io.bundlet.api.runtime.Exit;
import java.time.Instant;
import java.util.Optional;

/**
 * A container as it is now.
 *
 * @param name its name
 * @param image as in the manifest
 * @param imageId what it was made from; empty before
 * @param state the state of its machine
 * @param reason one word when it waits or has ended, else empty
 * @param message the same for people, else empty
 * @param ready whether it serves
 * @param restartCount how often it was made again
 * @param id {@code runtime://id}; empty before it was made
 * @param startedAt when the present instance started
 * @param exit how the present instance ended, if it did
 * @param lastExit how the instance before it ended, if there was one
 * @param logFile where its present log is; empty before it was made
 * @param started whether it runs and its startup probe, if it has one, has succeeded
 */
public record ContainerView(
    String name,
    String image,
    String imageId,
    String state,
    String reason,
    String message,
    boolean ready,
    int restartCount,
    String id,
    Optional<Instant> startedAt,
    Optional<Exit> exit,
    Optional<Exit> lastExit,
    String logFile,
    boolean started) {
  /** A container that has started if it serves. */
  public ContainerView(
      String name,
      String image,
      String imageId,
      String state,
      String reason,
      String message,
      boolean ready,
      int restartCount,
      String id,
      Optional<Instant> startedAt,
      Optional<Exit> exit,
      Optional<Exit> lastExit,
      String logFile) {
    this(
        name, image, imageId, state, reason, message, ready, restartCount, id, startedAt, exit, lastExit, logFile,
        ready);
  }
}
