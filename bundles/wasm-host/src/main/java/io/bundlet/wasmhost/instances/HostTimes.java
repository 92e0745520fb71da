package io.bundlet.wasmhost.instances;

import java.time.Duration;

/**
 * How long the host waits for others.
 *
 * @param compile for one module to be compiled
 * @param module for a host module that is being exchanged
 * @param kill for a killed guest to end, before its thread is given up
 * @param engine for compiles of an engine that is removed
 * @param successor for another engine of the name of one that was removed, before its guests end without one
 * @param turn for one guest to run again on the new engine, before the next one is ended for it
 * @param settle for that guest to do its work again, from when it runs
 * @param turns for all guests of a removed engine, one by one, from when the new engine is there
 * @param stop for all guests when the host stops
 */
public record HostTimes(
    Duration compile,
    Duration module,
    Duration kill,
    Duration engine,
    Duration successor,
    Duration turn,
    Duration settle,
    Duration turns,
    Duration stop) {
  public static final HostTimes DEFAULT =
      new HostTimes(
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5));
}
