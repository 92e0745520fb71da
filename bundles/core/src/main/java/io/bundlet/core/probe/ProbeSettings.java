package io.bundlet.core.probe;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Optional;

/**
 * When a probe is made and what follows from it; what the manifest leaves open has Kubernetes' defaults.
 *
 * @param initialDelay from the start of the container to the first attempt
 * @param period from one attempt to the next; at least 1 s
 * @param timeout for one attempt; at least 1 s
 * @param successThreshold how many successes in a row change something; at least 1
 * @param failureThreshold how many failures in a row change something; at least 1
 * @param grace the probe's own grace period
 */
record ProbeSettings(
    Duration initialDelay,
    Duration period,
    Duration timeout,
    int successThreshold,
    int failureThreshold,
    Optional<Duration> grace) {
  static ProbeSettings of(Probe probe) {
    return new ProbeSettings(
        seconds(probe.getInitialDelaySeconds(), 0, 0),
        seconds(probe.getPeriodSeconds(), 10, 1),
        seconds(probe.getTimeoutSeconds(), 1, 1),
        atLeastOne(probe.getSuccessThreshold(), 1),
        atLeastOne(probe.getFailureThreshold(), 3),
        Optional.ofNullable(probe.getTerminationGracePeriodSeconds())
        .map(given -> Duration.ofSeconds(Math.max(1, given))));
  }

  /** Like the API server, 0 counts as not given. */
  private static Duration seconds(Integer given, int otherwise, int least) {
    return Duration.ofSeconds(given == null || given == 0 ? otherwise : Math.max(least, given));
  }

  private static int atLeastOne(Integer given, int otherwise) {
    return given == null || given == 0 ? otherwise : Math.max(1, given);
  }
}
