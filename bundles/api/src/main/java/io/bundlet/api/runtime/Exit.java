package io.bundlet.api.runtime;

import java.time.Instant;

/**
 * How a container ended.
 *
 * @param code its exit code: 0 to 255; 137 when it was ended by force, 134 when a guest trapped
 * @param reason one word: {@link #COMPLETED}, {@link #ERROR}, {@link #OOM_KILLED}, {@link #RUNTIME_UPGRADED}, ...
 * @param message for people; may be empty
 * @param finishedAt when
 */
public record Exit(int code, String reason, String message, Instant finishedAt) {
  /** It ended with code 0. */
  public static final String COMPLETED = "Completed";
  /** It ended with another code. */
  public static final String ERROR = "Error";
  /** It was ended over its limit of memory. */
  public static final String OOM_KILLED = "OOMKilled";
  /** What it ran on was exchanged. Not the container's fault: never counted for back-off. */
  public static final String RUNTIME_UPGRADED = "RuntimeUpgraded";
  /** It was running and is gone without a trace, after a crash of its runtime. Not counted for back-off. */
  public static final String CONTAINER_STATUS_UNKNOWN = "ContainerStatusUnknown";

  /** The code of a container that was ended by force: 128 + SIGKILL. */
  public static final int KILLED = 137;
  /** The code of a guest that trapped: 128 + SIGABRT. */
  public static final int TRAPPED = 134;

  /** An exit with the reason that goes with its code. */
  public static Exit of(int code, String message, Instant finishedAt) {
    return new Exit(code, code == 0 ? COMPLETED : ERROR, message, finishedAt);
  }
}
