package io.bundlet.wasmhost.output;

import io.bundlet.linux.Epoll;
import io.bundlet.linux.Fifos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that carries output from all guests into their logs. Of a guest that writes more than it may it reads
 * nothing for a while: the guest waits in its write, as for any slow reader, and nothing is lost.
 */
public final class LogPump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogPump.class);
  private static final int CHUNK = 64 << 10;
  private static final int SCRATCH_KEPT = 1 << 20;

  private record Watched(GuestOutput output, GuestOutput.Fifo fifo) {}

  private final Clock clock;
  private final Epoll epoll;
  private final Thread thread;
  private final AtomicLong keys = new AtomicLong();
  // Bounded by what puts into it: a container is opened, hurried and finished once, and has one note of lines; the rate
  // is set by people.
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final Map<GuestOutput, Boolean> withLines = new ConcurrentHashMap<>();
  private final Map<Long, Watched> watched = new HashMap<>();
  private final Map<GuestOutput, Boolean> open = new HashMap<>();
  private final Pauses pauses = new Pauses();
  private final MemorySegment chunk;
  private final Arena arena;
  private final byte[] bytes = new byte[CHUNK];
  private ByteArrayOutputStream scratch = new ByteArrayOutputStream(CHUNK);
  private volatile long rate;
  private volatile boolean closing;

  /** Starts the thread. @param rate bytes a second of each container, 0 for any number */
  public LogPump(Clock clock, long rate) throws IOException {
    this.clock = clock;
    this.rate = rate;
    this.epoll = new Epoll();
    this.arena = Arena.ofShared();
    this.chunk = arena.allocate(CHUNK);
    this.thread =
        Thread.ofPlatform()
            .name("wasm-host log pump")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(this::run);
    thread.setContextClassLoader(null);
    thread.start();
  }

  /** What a container may write from now on; who waits goes on. @param bytes a second, up to 2^30, 0 for any number */
  public void rate(long bytes) {
    rate = bytes;
    if (thread.isAlive()) {
      ask(() -> pauses.all().forEach(output -> {
        output.forgive();
        resume(output);
      }));
    }
  }

  /** Opens a log for lines only. */
  public GuestOutput open(Path logFile) throws IOException {
    refuseWhenClosing();
    GuestOutput output =
        new GuestOutput(this, new ContainerLog(logFile, clock), Optional.empty(), Optional.empty());
    ask(() -> open.put(output, true));
    return output;
  }

  /** Opens a log and two FIFOs that are read into it from now on. @param fifos the FIFOs' path without an ending */
  public GuestOutput open(Path logFile, Path fifos) throws IOException {
    refuseWhenClosing();
    ContainerLog log = new ContainerLog(logFile, clock);
    GuestOutput.Fifo stdout = null;
    try {
      Files.createDirectories(fifos.getParent());
      stdout = fifo(fifos, "stdout");
      GuestOutput.Fifo stderr = fifo(fifos, "stderr");
      GuestOutput output = new GuestOutput(this, log, Optional.of(stdout), Optional.of(stderr));
      ask(() -> watch(output));
      return output;
    } catch (IOException e) {
      log.close();
      if (stdout != null) {
        remove(stdout);
      }
      throw e;
    }
  }

  /** Writes out all that is there, closes every log and FIFO, and ends the thread. Waits at most so long for it. */
  public void close(Duration atMost) {
    closing = true;
    epoll.wake();
    try {
      if (!thread.join(atMost)) {
        LOG.warn("the log pump did not end within {} s; logs may lack their last lines", atMost.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }

  void lines(GuestOutput output) {
    if (withLines.putIfAbsent(output, true) == null) {
      epoll.wake();
    }
  }

  void hurry(GuestOutput output) {
    ask(() -> resume(output));
  }

  void finish(GuestOutput output) {
    if (!thread.isAlive()) {
      output.done();
      return;
    }
    ask(() -> end(output));
  }

  CompletableFuture<Void> reopen(GuestOutput output) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!thread.isAlive()) {
      done.complete(null);
      return done;
    }
    ask(() -> reopen(output, done));
    return done;
  }

  private void reopen(GuestOutput output, CompletableFuture<Void> done) {
    try {
      if (open.containsKey(output)) {
        output.log.reopen();
      }
      done.complete(null);
    } catch (IOException e) {
      done.completeExceptionally(e);
    }
  }

  private void refuseWhenClosing() throws IOException {
    if (closing) {
      throw new IOException("the wasm host is being stopped");
    }
  }

  private void ask(Runnable what) {
    asked.add(what);
    epoll.wake();
  }

  private GuestOutput.Fifo fifo(Path base, String stream) throws IOException {
    Path path = base.resolveSibling(base.getFileName() + "." + stream);
    Fifos.make(path);
    try {
      return new GuestOutput.Fifo(path, Fifos.openForReading(path), keys.getAndIncrement(), stream);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private void run() {
    try {
      while (!closing) {
        epoll.await(pauses.untilNext(System.nanoTime()), this::read);
        pauses.over(System.nanoTime()).forEach(this::resume);
        work();
      }
      work();
      for (GuestOutput output : Map.copyOf(open).keySet()) {
        end(output);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("the log pump has ended: guests' output goes nowhere from now on", e);
    } finally {
      closing = true;
      watched.clear();
      epoll.close();
      arena.close();
      work();
    }
  }

  private void work() {
    for (Runnable next = asked.poll(); next != null; next = asked.poll()) {
      try {
        next.run();
      } catch (RuntimeException e) {
        LOG.error("the log pump could not do what was asked of it", e);
      }
    }
    for (GuestOutput output : withLines.keySet()) {
      if (!pauses.has(output)) {
        withLines.remove(output);
        writeLines(output);
      }
    }
    if (scratch.size() > SCRATCH_KEPT) {
      scratch = new ByteArrayOutputStream(CHUNK);
    }
  }

  private void writeLines(GuestOutput output) {
    if (open.containsKey(output)) {
      if (output.log.writeWaiting(scratch)) {
        lines(output);
      }
      account(output);
    }
  }

  private void watch(GuestOutput output) {
    open.put(output, true);
    output.stdout.ifPresent(fifo -> watch(output, fifo));
    output.stderr.ifPresent(fifo -> watch(output, fifo));
  }

  private void watch(GuestOutput output, GuestOutput.Fifo fifo) {
    try {
      epoll.add(fifo.fd(), fifo.key());
      watched.put(fifo.key(), new Watched(output, fifo));
    } catch (IOException e) {
      LOG.error("{} cannot be watched: its output comes when the guest ends", fifo.path(), e);
    }
  }

  private void read(long key) {
    Watched what = watched.get(key);
    if (what == null || pauses.has(what.output)) {
      return;
    }
    int n = read(what.output, what.fifo);
    if (n == 0) {
      // The guest has closed its side; an epoll that still watched would never sleep again.
      unwatch(what.fifo);
    } else if (n > 0) {
      account(what.output);
    }
  }

  /** Counts what was written just now, and reads on later if that was too much. */
  private void account(GuestOutput output) {
    long now = System.nanoTime();
    long wait = output.wrote(output.log.taken(), scratch.size(), rate, now);
    if (wait > 0 && !pauses.has(output)) {
      pauses.add(output, now + wait);
      watchedOf(output).forEach(this::lookAway);
    }
  }

  private void resume(GuestOutput output) {
    if (pauses.remove(output)) {
      watchedOf(output).forEach(fifo -> {
        try {
          epoll.add(fifo.fd(), fifo.key());
        } catch (IOException e) {
          watched.remove(fifo.key());
          LOG.error("{} cannot be watched any more: its output comes when the guest ends", fifo.path(), e);
        }
      });
    }
  }

  private List<GuestOutput.Fifo> watchedOf(GuestOutput output) {
    return Stream.concat(output.stdout.stream(), output.stderr.stream())
        .filter(fifo -> watched.containsKey(fifo.key())).toList();
  }

  private int read(GuestOutput output, GuestOutput.Fifo fifo) {
    try {
      int n = Fifos.read(fifo.fd(), chunk);
      if (n > 0) {
        MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, bytes, 0, n);
        output.log.write(fifo.stream(), bytes, n, scratch);
      }
      return n;
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", fifo.path(), e.getMessage());
      return 0;
    }
  }

  private void unwatch(GuestOutput.Fifo fifo) {
    if (watched.remove(fifo.key()) != null) {
      lookAway(fifo);
    }
  }

  private void lookAway(GuestOutput.Fifo fifo) {
    try {
      epoll.remove(fifo.fd());
    } catch (IOException e) {
      LOG.warn("{} cannot be unwatched: {}", fifo.path(), e.getMessage());
    }
  }

  private void end(GuestOutput output) {
    try {
      if (open.remove(output) == null) {
        return;
      }
      resume(output);
      output.stdout.ifPresent(fifo -> drain(output, fifo));
      output.stderr.ifPresent(fifo -> drain(output, fifo));
      withLines.remove(output);
      output.log.finish(scratch);
    } finally {
      output.done();
    }
  }

  private void drain(GuestOutput output, GuestOutput.Fifo fifo) {
    // The guest has ended: what it wrote is in the FIFO, and an empty FIFO is the end even if a writer was forgotten.
    // A guest that could not be ended may go on writing, so there is a bound: what a FIFO holds, many times over.
    for (int i = 0; i < 256 && read(output, fifo) > 0; i++) {}
    unwatch(fifo);
    remove(fifo);
  }

  private static void remove(GuestOutput.Fifo fifo) {
    Fifos.close(fifo.fd());
    try {
      Files.deleteIfExists(fifo.path());
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", fifo.path(), e.getMessage());
    }
  }
}
