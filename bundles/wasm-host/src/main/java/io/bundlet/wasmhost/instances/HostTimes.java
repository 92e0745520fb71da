package io.bundlet.wasmhost.instances;

import java.time.Duration;

/**
 * How long the host waits for others.
 *
 * @param compile for one module to be compiled
 * @param module for a host module that is being exchanged
 * @param kill for a killed guest to end, before its thread is given up
 * @param engine for the guests of an engine that is removed
 * @param stop for all guests when the host stops
 */
public record HostTimes(Duration compile, Duration module, Duration kill, Duration engine, Duration stop) {
  public static final HostTimes DEFAULT =
      new HostTimes(
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));
}
