package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.RuntimeConfigResponse;
import io.bundlet.cri.protocol.StatusResponse;
import io.bundlet.cri.protocol.VersionResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the runtime from a thread of its own how it is. What cannot be reached is lost at once; one that answers calls
 * but does not tell how it is counts as it last was, for half a minute, as with the Kubernetes kubelet: that this one
 * call hangs or fails is no reason to keep all pods waiting.
 */
final class Pulse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  /** Between attempts to find a lost runtime, and after one that has failed. */
  private static final Duration AGAIN = Duration.ofSeconds(1);
  /** A runtime that was exchanged within a moment is another one, though nobody has missed it. */
  private static final Duration ASK_INTERVAL = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final Supplier<Connection> connection;
  private final Consumer<RuntimeStatus> changed;
  private final Runnable whenFound;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile RuntimeStatus status;
  private volatile Connection reached;
  private volatile boolean closed;

  // of the thread alone
  private long answeredAt;
  private boolean failing;
  private final Asked<VersionResponse> version = new Asked<>("name", Health::version);
  private final Asked<RuntimeConfigResponse> configuration = new Asked<>("configuration", Health::configuration);
  private long askedAt;
  private Connection askedOf;

  /**
   * Not started yet.
   *
   * @param changed hears of each new status, in the thread
   * @param whenFound called in the thread whenever the runtime answers that did not before, after that is told
   */
  Pulse(String name, Supplier<Connection> connection, Consumer<RuntimeStatus> changed, Runnable whenFound) {
    this.name = name;
    this.connection = connection;
    this.changed = changed;
    this.whenFound = whenFound;
    this.status = Health.unknown(name, connection.get().endpoint());
    this.thread = Thread.ofVirtual().name("cri-pulse").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  RuntimeStatus status() {
    return status;
  }

  /** Whether the runtime has answered on this connection, and was not lost since. */
  boolean reaches(Connection asked) {
    return reached == asked;
  }

  /** Look now. */
  void wake() {
    wake.release();
  }

  private void run() {
    while (!closed) {
      Connection current = connection.get();
      boolean well = false;
      try {
        well = look(current);
      } catch (RuntimeException defect) {
        LOG.error("asking the runtime at {} how it is failed; going on", current.endpoint(), defect);
      }
      try {
        if (wake.tryAcquire((well ? INTERVAL : AGAIN).toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException interrupt) {
        // either the end, which closed says, or nothing
        LOG.debug("woken by an interrupt");
      }
    }
  }

  private boolean look(Connection current) {
    try {
      if (reached != current) {
        current.retryNow();
      }
      StatusResponse answer = Health.ask(current);
      if (askedOf != current) {
        askedOf = current;
        version.forget();
        configuration.forget();
      }
      // whoever is found again may be another one now
      boolean again = reached != current || System.nanoTime() - askedAt > ASK_INTERVAL.toNanos();
      askedAt = again ? System.nanoTime() : askedAt;
      if (again || version.open()) {
        version.ask(current);
      }
      if (again || configuration.open()) {
        configuration.ask(current);
      }
      VersionResponse who = version.take(VersionResponse.getDefaultInstance());
      RuntimeConfigResponse configured = configuration.take(RuntimeConfigResponse.getDefaultInstance());
      answeredAt = System.nanoTime();
      failing = false;
      boolean found = reached != current;
      tell(Health.of(name, who, configured, status, answer));
      reached = current;
      if (found) {
        whenFound.run();
      }
      return true;
    } catch (ProviderFailure failure) {
      failed(current, failure);
      return false;
    }
  }

  private void failed(Connection current, ProviderFailure failure) {
    if (closed || current != connection.get()) {
      return;
    }
    boolean answers = reached == current && current.answers();
    if (answers && System.nanoTime() - answeredAt < PATIENCE.toNanos()) {
      if (!failing) {
        LOG.warn("the container runtime at {} does not tell how it is, and counts as it was: {}", current.endpoint(),
            failure.getMessage());
      }
      failing = true;
      return;
    }
    if (reached != null || status.ready()) {
      LOG.warn("lost the container runtime at {}: {}", current.endpoint(), failure.getMessage());
    }
    reached = null;
    tell(Health.lost(status, current.endpoint(), failure));
  }

  private void tell(RuntimeStatus now) {
    if (!now.equals(status)) {
      status = now;
      changed.accept(now);
    }
  }

  /** Ends the thread, within three seconds. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(3))) {
        LOG.warn("asking the container runtime how it is did not end in time");
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}
