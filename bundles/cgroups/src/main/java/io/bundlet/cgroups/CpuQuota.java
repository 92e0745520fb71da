package io.bundlet.cgroups;

/**
 * How much processor time there is in how long.
 *
 * @param quotaMicros the time; -1: any
 * @param periodMicros in which it may be used
 */
record CpuQuota(long quotaMicros, long periodMicros) {
  private static final long USUAL_PERIOD = 100_000;
  private static final long SHORT_PERIOD = 10_000;
  /** The kernel takes no less. */
  private static final long LEAST = 1000;

  static final CpuQuota NONE = new CpuQuota(-1, USUAL_PERIOD);

  /** As Kubernetes has it. @param millis thousandths of a processor; 0: no limit */
  static CpuQuota usual(long millis) {
    return millis <= 0 ? NONE : new CpuQuota(Math.max(LEAST, millis * USUAL_PERIOD / 1000), USUAL_PERIOD);
  }

  /**
   * In periods as short as can be: a thread of the node's process that has used up its time may hold what others of the
   * process wait for, until the next period. Never a larger part than {@link #usual} gives, which the kernel would
   * refuse in a group with that.
   */
  static CpuQuota brief(long millis) {
    if (millis <= 0) {
      return NONE;
    }
    long quota = millis * SHORT_PERIOD / 1000;
    if (quota >= LEAST) {
      return new CpuQuota(quota, SHORT_PERIOD);
    }
    return new CpuQuota(LEAST, Math.min(USUAL_PERIOD, (LEAST * 1000 + millis - 1) / millis));
  }

  /** As the file {@code cpu.max} has it. */
  String max() {
    return (quotaMicros < 0 ? "max" : Long.toString(quotaMicros)) + " " + periodMicros;
  }
}
