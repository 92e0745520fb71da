package io.bundlet.api.runtime;

/**
 * What a container may use.
 *
 * @param cpuRequestMillis thousandths of a core it asks for; 0: none
 * @param cpuLimitMillis thousandths of a core it may use at most; 0: no limit
 * @param memoryRequestBytes bytes it asks for; 0: none
 * @param memoryLimitBytes bytes it may use at most; 0: no limit
 */
public record Resources(
    long cpuRequestMillis, long cpuLimitMillis, long memoryRequestBytes, long memoryLimitBytes) {
  /** Nothing asked for, nothing limited. */
  public static final Resources NONE = new Resources(0, 0, 0, 0);
}
