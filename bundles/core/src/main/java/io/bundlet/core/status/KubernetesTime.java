package io.bundlet.core.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as objects of Kubernetes have them: RFC 3339, whole seconds, UTC. */
public final class KubernetesTime {
  private KubernetesTime() {}

  /** Such as {@code 2026-11-23T15:00:00Z}. */
  public static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Null when there is none. */
  static String text(Optional<Instant> time) {
    return time.map(KubernetesTime::text).orElse(null);
  }
}
