package io.bundlet.core.probe;

import java.time.Duration;
import java.util.Optional;

/**
 * Hears what the probes of one instance of a container find out. Called from the probes' own thread, one call after the
 * other, never after {@link ContainerProbes#close} has returned (unless a call was blocked for a second then). Must not
 * block: it posts to an inbox.
 */
public interface ProbeListener {
  /**
   * The instance has started, as far as its startup probe can tell. Told once, when it was not so from the beginning.
   */
  void started(boolean started);

  /** The instance is ready now, or is not any more. Told when it changes. Never true before it has started. */
  void ready(boolean ready);

  /**
   * The instance has failed its startup or liveness probe as often as allowed and is to be ended. Told once for each of
   * the two at most; that probe rests then.
   *
   * @param message for people and for the stop's reason: {@code Container web failed liveness probe}
   * @param grace the probe's own grace period, which goes before the pod's
   */
  void unhealthy(ProbeKind kind, String message, Optional<Duration> grace);

  /** An attempt has ended like this; for counters. */
  default void attempted(ProbeKind kind, ProbeResult result) {}
}
