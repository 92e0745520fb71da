package io.bundlet.kubeletapi.server;

import java.time.Duration;

/**
 * What strangers may cost.
 *
 * @param connections at a time
 * @param connectionsOfOne of one address
 * @param request from the connection to the end of the first request's header
 * @param between from an answer to the end of the next request's header
 * @param idle how long whoever is written to may take nothing
 * @param headerBytes of a request
 * @param heavyAtOnce answers that cost more than a moment, made at a time
 * @param heavyWait how long one more waits before it is turned away
 */
record Limits(
    int connections,
    int connectionsOfOne,
    Duration request,
    Duration between,
    Duration idle,
    int headerBytes,
    int heavyAtOnce,
    Duration heavyWait) {
  /** Of a node. An API server asks for all of its users from one address. */
  static final Limits NODE =
      new Limits(
          512, 256, Duration.ofSeconds(10), Duration.ofSeconds(90), Duration.ofSeconds(30), 32 << 10, 4,
          Duration.ofSeconds(5));
}
