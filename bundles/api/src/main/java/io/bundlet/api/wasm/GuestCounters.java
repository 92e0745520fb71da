package io.bundlet.api.wasm;

/**
 * Names of {@link GuestContext#attributes} under which a host module counts what a guest does, each an
 * {@link java.util.concurrent.atomic.AtomicLong} that the guest's thread alone writes and anybody may read. The node
 * tells them as metrics of the guest.
 */
public final class GuestCounters {
  /** Bytes that were read from files; it never falls. */
  public static final String FILES_READ = "io.bundlet.wasi.files.read.bytes";
  /** Bytes that were written to files; it never falls. */
  public static final String FILES_WRITTEN = "io.bundlet.wasi.files.written.bytes";
  /** Descriptors that are open now, those that the guest was started with included. */
  public static final String OPEN_FILES = "io.bundlet.wasi.files.open";

  private GuestCounters() {}
}
