package io.bundlet.wasmhost.output;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where one guest's output goes: two FIFOs for what it writes itself, and lines about it. Any thread. */
public final class GuestOutput {
  private final LogPump pump;
  final ContainerLog log;
  final Optional<Fifo> stdout;
  final Optional<Fifo> stderr;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final AtomicBoolean finishing = new AtomicBoolean();
  private final AtomicBoolean hurried = new AtomicBoolean();
  /** The pump's. */
  private final Allowance allowance = new Allowance();
  private volatile long bytes;
  private volatile long pauses;

  /** A FIFO that the pump reads. The descriptor is the pump's. */
  record Fifo(Path path, int fd, long key, String stream) {}

  GuestOutput(LogPump pump, ContainerLog log, Optional<Fifo> stdout, Optional<Fifo> stderr) {
    this.pump = pump;
    this.log = log;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** The FIFO for standard output. It has a reader. */
  public Path stdout() {
    return stdout.orElseThrow().path();
  }

  /** The FIFO for standard error. It has a reader. */
  public Path stderr() {
    return stderr.orElseThrow().path();
  }

  /** Writes a line of standard output that does not come through the FIFO. Waits 100 ms at most, then drops it. */
  public void line(String text) {
    if (log.add("stdout", text)) {
      pump.lines(this);
    }
  }

  /** Writes a line of standard error, as {@link #line}. */
  public void note(String text) {
    if (log.add("stderr", text)) {
      pump.lines(this);
    }
  }

  /** Its guest is being ended: from now on it may write as much as it can. Returns at once. */
  public void hurry() {
    if (hurried.compareAndSet(false, true)) {
      pump.hurry(this);
    }
  }

  /** Bytes of the guest that were taken for its log so far. */
  public long bytes() {
    return bytes;
  }

  /** How many times its guest was kept waiting because it wrote more than it may. */
  public long pauses() {
    return pauses;
  }

  /**
   * On the pump: so much was taken of the guest, and this has become of it in the log, where each line has its time.
   *
   * @return for how many nanoseconds no more is to be taken
   */
  long wrote(int taken, int logged, long rate, long now) {
    bytes += taken;
    long wait = allowance.take(logged, hurried.get() ? 0 : rate, now);
    if (wait > 0) {
      pauses++;
    }
    return wait;
  }

  /** On the pump: what it owes of a former rate is forgotten. */
  void forgive() {
    allowance.forgive();
  }

  /**
   * The log file was renamed: a new one is made under its name, and what comes from then on goes there. The result is
   * done when the file was changed, or the output has ended; it fails with an {@link java.io.IOException} when there
   * can be no new file, and then the old one is written on. Returns at once.
   */
  public CompletableFuture<Void> reopen() {
    return pump.reopen(this);
  }

  /**
   * Ends it after the guest has ended: all that is in the FIFOs goes into the log, then FIFOs and log are closed and
   * the FIFOs removed. Returns at once; the result is done when all of that is.
   */
  public CompletableFuture<Void> finish() {
    if (finishing.compareAndSet(false, true)) {
      pump.finish(this);
    }
    return finished;
  }

  void done() {
    finished.complete(null);
  }
}
