package io.bundlet.wasi.preview1.calls;

import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a guest has used, among the attributes of its context as {@link AtomicLong}s under these names, so that whoever
 * has the context can read them from any thread. Only the guest's thread writes them.
 */
public record Counters(AtomicLong filesRead, AtomicLong filesWritten, AtomicLong output, AtomicLong openFiles) {
  /** Bytes that were read from files. */
  public static final String FILES_READ = "io.bundlet.wasi.files.read.bytes";
  /** Bytes that were written to files. */
  public static final String FILES_WRITTEN = "io.bundlet.wasi.files.written.bytes";
  /** Bytes that were written to standard output and error. */
  public static final String OUTPUT = "io.bundlet.wasi.output.bytes";
  /** Descriptors that are open now, those that the guest was started with included. */
  public static final String OPEN_FILES = "io.bundlet.wasi.files.open";

  static Counters in(ConcurrentMap<String, Object> attributes) {
    Counters counters = new Counters(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
    attributes.put(FILES_READ, counters.filesRead);
    attributes.put(FILES_WRITTEN, counters.filesWritten);
    attributes.put(OUTPUT, counters.output);
    attributes.put(OPEN_FILES, counters.openFiles);
    return counters;
  }

  /** For the one thread that writes: cheaper than to add atomically. */
  static void add(AtomicLong counter, long more) {
    counter.setRelease(counter.getPlain() + more);
  }
}
