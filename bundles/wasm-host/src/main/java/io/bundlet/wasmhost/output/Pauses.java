package io.bundlet.wasmhost.output;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whose output is not read for a while, because there was too much of it. One thread. */
final class Pauses {
  private final Map<GuestOutput, Long> ends = new HashMap<>();

  boolean has(GuestOutput output) {
    return ends.containsKey(output);
  }

  /** @param end nanoseconds of the system's clock that does not jump */
  void add(GuestOutput output, long end) {
    ends.put(output, end);
  }

  /** @return whether it was there */
  boolean remove(GuestOutput output) {
    return ends.remove(output) != null;
  }

  /** All of them. */
  List<GuestOutput> all() {
    return List.copyOf(ends.keySet());
  }

  /** Milliseconds until the first one is over, 0 when that is now, -1 when there is none. */
  int untilNext(long now) {
    long first = Long.MAX_VALUE;
    for (long end : ends.values()) {
      first = Math.min(first, Math.max(0, end - now));
    }
    return first == Long.MAX_VALUE ? -1 : (int) Math.min(Integer.MAX_VALUE, (first + 999_999) / 1_000_000);
  }

  /** Those that are over; they stay until they are removed. */
  List<GuestOutput> over(long now) {
    List<GuestOutput> over = new ArrayList<>();
    ends.forEach((output, end) -> {
      if (end - now <= 0) {
        over.add(output);
      }
    });
    return over;
  }
}
