package io.bundlet.apiserver.node;

import io.bundlet.apiserver.ApiServerConfig;
import java.time.Duration;

/**
 * How often the node says what.
 *
 * @param lease how long the cluster believes that it lives without hearing of it
 * @param look how often the server's object is looked at
 * @param report how often the status is said again when nothing has changed
 */
record NodeTimes(Duration lease, Duration look, Duration report) {
  /** Less would be a request a second or more for nothing. */
  private static final int SHORTEST_LEASE = 4;
  private static final int SHORTEST_LOOK = 1;

  static NodeTimes of(ApiServerConfig config) {
    Duration look = Duration.ofSeconds(Math.max(SHORTEST_LOOK, config.status_look_seconds()));
    Duration report = Duration.ofSeconds(config.status_report_seconds());
    return new NodeTimes(Duration.ofSeconds(Math.max(SHORTEST_LEASE, config.lease_seconds())), look,
        report.compareTo(look) < 0 ? look : report);
  }

  /** How often the lease is renewed. */
  Duration renewal() {
    return lease.dividedBy(4);
  }
}
