package io.bundlet.api.runtime;

import java.time.Duration;

/**
 * How a container is to end.
 *
 * @param grace from the request to the forced end; zero: at once
 * @param reason for people and logs, such as {@code deleted}
 */
public record Stop(Duration grace, String reason) {
  /** End now. */
  public static Stop now(String reason) {
    return new Stop(Duration.ZERO, reason);
  }
}
