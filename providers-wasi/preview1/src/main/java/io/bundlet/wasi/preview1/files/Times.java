package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Flags;

/** Times for a file, as Linux takes them. */
public record Times(long accessed, long accessedNanos, long modified, long modifiedNanos) {
  private static final long SECOND = 1_000_000_000;

  /** @param accessed nanoseconds since 1970, without a sign @param flags valid together */
  public static Times of(long accessed, long modified, int flags) {
    return new Times(
        Long.divideUnsigned(accessed, SECOND),
        nanos(accessed, flags & Flags.ACCESSED, flags & Flags.ACCESSED_NOW),
        Long.divideUnsigned(modified, SECOND),
        nanos(modified, flags & Flags.MODIFIED, flags & Flags.MODIFIED_NOW));
  }

  private static long nanos(long time, int given, int now) {
    if (given != 0) {
      return Long.remainderUnsigned(time, SECOND);
    }
    return now != 0 ? SystemCalls.NOW : SystemCalls.OMIT;
  }
}
