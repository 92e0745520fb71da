package io.bundlet.apiserver.client;

import io.bundlet.apiserver.kubeconfig.Access;
import io.bundlet.apiserver.kubeconfig.AccessFailure;
import io.bundlet.apiserver.kubeconfig.ExecPlugin;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections whose way is kept true to the files that describe it. One thread of its own reads them, every ten seconds
 * and when the server refuses who we are.
 */
public final class KeptConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptConnections.class);
  private static final long LOOK_SECONDS = 10;
  /** As long as there is something wrong. */
  private static final long LOOK_AGAIN_SECONDS = 2;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String whose;
  private final ExecPlugin plugin;
  private final Source source;
  private final Semaphore wanted = new Semaphore(0);
  private final AtomicLong refused = new AtomicLong(System.nanoTime() - TimeUnit.MINUTES.toNanos(1));
  private final Connections connections;
  private final Thread thread;
  private String complaint = "";

  /** Where the way is read. */
  @FunctionalInterface
  public interface Source {
    /** Reads it; blocks. */
    Access read() throws AccessFailure, InterruptedException;
  }

  /**
   * Begins to read, and returns at once.
   *
   * @param whose way it is, for people: {@code the node}
   * @param hurried beginnings of paths whose requests do not wait for their turn
   * @param plugin told when the server refuses who we are
   */
  public KeptConnections(String whose, List<String> hurried, ExecPlugin plugin, Source source) {
    this.whose = whose;
    this.plugin = plugin;
    this.source = source;
    connections = new Connections(this::refused, hurried);
    thread = Thread.ofVirtual().name("api-connection of " + whose).start(this::run);
  }

  /** The connections, the same for this one's life. */
  public Connections connections() {
    return connections;
  }

  /** Has the way read soon; returns at once. */
  public void look() {
    wanted.release();
  }

  /** A server that refuses everything must not have a program run again and again. */
  private void refused() {
    long now = System.nanoTime();
    long last = refused.get();
    if (now - last > TimeUnit.SECONDS.toNanos(LOOK_SECONDS) && refused.compareAndSet(last, now)) {
      plugin.refuse();
    }
    wanted.release();
  }

  private void run() {
    try {
      while (true) {
        read();
        // What many requests ask for at once is done once, and not without a pause.
        Thread.sleep(PAUSE);
        if (wanted.tryAcquire(complaint.isEmpty() ? LOOK_SECONDS : LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)) {
          wanted.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The way of {} to the API server is not looked after any more.", whose);
    }
  }

  private void read() throws InterruptedException {
    try {
      connections.use(source.read());
      complaint = "";
    } catch (AccessFailure | GeneralSecurityException e) {
      connections.missing(e.getMessage());
      if (!e.getMessage().equals(complaint)) {
        complaint = e.getMessage();
        LOG.warn("The way of {} to the API server cannot be used; what is known of it counts on: {}", whose, complaint);
      }
    } catch (RuntimeException e) {
      LOG.error("The way of {} to the API server cannot be read.", whose, e);
    }
  }

  /** Ends it, and all that is under way over the connections; waits at most five seconds for a program that is run. */
  @Override
  public void close() {
    thread.interrupt();
    connections.close();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
