package io.bundlet.wasmhost.guests;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a guest uses.
 *
 * @param cpuNanos processor time of its thread, in nanoseconds; empty when the machine does not tell
 * @param memoryBytes memory of its instance; empty when its engine does not tell
 * @param hostCalls its calls of host modules, since its instance was made
 * @param counters what host modules count of it, by the names of {@link io.bundlet.api.wasm.GuestCounters}
 */
public record GuestUsage(
    OptionalLong cpuNanos, OptionalLong memoryBytes, long hostCalls, Map<String, Long> counters) {}
