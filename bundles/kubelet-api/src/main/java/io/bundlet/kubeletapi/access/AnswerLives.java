package io.bundlet.kubeletapi.access;

import java.time.Duration;

/**
 * For how long answers of the API server are believed.
 *
 * @param token who has a token, or that nobody has it
 * @param allowed that somebody may do something
 * @param denied that he may not
 */
public record AnswerLives(Duration token, Duration allowed, Duration denied) {
  /** As in the Kubernetes kubelet. */
  public static final AnswerLives STANDARD =
      new AnswerLives(Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofSeconds(30));
}
