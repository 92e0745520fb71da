package io.bundlet.core.eviction;

import io.bundlet.core.machine.Signal;
import java.util.Map;

/** Reads what the node may run short of. */
@FunctionalInterface
public interface NodeSignals {
  /**
   * How much there is.
   *
   * @param available what is left
   * @param capacity all of it
   */
  record Reading(long available, long capacity) {}

  /** All that can be read now; may block for as long as the file system does. */
  Map<Signal, Reading> read();
}
