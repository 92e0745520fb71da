package io.bundlet.wasmhost.output;

/**
 * How much of one container's output is written a second: a bucket that holds what one second allows, and is filled by
 * time. One thread.
 */
final class Allowance {
  private static final long SECOND = 1_000_000_000;

  private long left;
  private long at;
  private boolean begun;

  /** What is owed has not to be waited for any more. */
  void forgive() {
    left = Math.max(0, left);
  }

  /**
   * Takes what was written, which may be more than was left.
   *
   * @param rate bytes a second, up to 2^30; 0 for any number
   * @param now nanoseconds of a clock that does not jump
   * @return after how many nanoseconds more may be taken, 0 for at once
   */
  long take(int bytes, long rate, long now) {
    if (rate == 0) {
      return 0;
    }
    long toFull = (rate - left) * SECOND / rate;
    left = !begun || now - at >= toFull ? rate : left + (now - at) * rate / SECOND;
    begun = true;
    at = now;
    left -= bytes;
    return left >= 0 ? 0 : -left * SECOND / rate;
  }
}
