package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestCounters;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a guest has used, among the attributes of its context by the names of {@link GuestCounters}. */
record Counters(AtomicLong filesRead, AtomicLong filesWritten, AtomicLong openFiles) {
  static Counters in(ConcurrentMap<String, Object> attributes) {
    Counters counters = new Counters(new AtomicLong(), new AtomicLong(), new AtomicLong());
    attributes.put(GuestCounters.FILES_READ, counters.filesRead);
    attributes.put(GuestCounters.FILES_WRITTEN, counters.filesWritten);
    attributes.put(GuestCounters.OPEN_FILES, counters.openFiles);
    return counters;
  }

  /** For the one thread that writes: cheaper than to add atomically. */
  static void add(AtomicLong counter, long more) {
    counter.setRelease(counter.getPlain() + more);
  }
}
