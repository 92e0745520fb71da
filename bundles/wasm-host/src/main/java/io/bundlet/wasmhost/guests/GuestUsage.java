package io.bundlet.wasmhost.guests;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a guest uses.
 *
 * @param cpuNanos processor time of its thread, in nanoseconds; empty when the machine does not tell
 * @param memoryBytes memory of its instance; empty when its engine does not tell
 * @param outputBytes what it has written to standard output and error, as far as that was taken for its log
 * @param outputPauses how many times it was kept waiting because that was too much
 * @param hostCalls its calls of host modules, since its instance was made
 * @param counters what host modules count of it, by the names of {@link io.bundlet.api.wasm.GuestCounters}
 */
public record GuestUsage(
    OptionalLong cpuNanos,
    OptionalLong memoryBytes,
    long outputBytes,
    long outputPauses,
    long hostCalls,
    Map<String, Long> counters) {}
