package io.bundlet.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that looks at the folder and changes bundles. */
final class PluginWatcher {
  private static final Logger LOG = LoggerFactory.getLogger(PluginWatcher.class);
  /** A look costs a fifth of a millisecond when nothing has changed. Commands do not wait for it. */
  private static final long PERIOD_MILLIS = 400;
  private static final long START_MILLIS = 20;
  private static final int MAX_WAITING = 16;
  /** How often, and for how long after an exchange, threads of what was exchanged may still end. */
  private static final long ENDING_MILLIS = 1_000;
  private static final int ENDINGS = 15;

  private final Path directory;
  private final PluginFolder folder;
  private final Deployer deployer;
  private final BlockingQueue<CountDownLatch> wanted = new LinkedBlockingQueue<>(MAX_WAITING);
  private final BooleanSupplier frameworkStarted;
  private final Thread thread;
  private final Runnable afterwards;
  private long exchanges;
  private int endings;
  private long lastEnding;
  private String lastProblem = "";

  /** @param afterwards is run now and then for some time after bundles were exchanged */
  PluginWatcher(
      Path directory, PluginFolder folder, Deployer deployer, BooleanSupplier frameworkStarted, Runnable afterwards) {
    this.frameworkStarted = frameworkStarted;
    this.directory = directory;
    this.folder = folder;
    this.deployer = deployer;
    this.afterwards = afterwards;
    thread = Thread.ofPlatform().daemon().name("plugins").unstarted(this::run);
  }

  Path directory() {
    return directory;
  }

  Deployer deployer() {
    return deployer;
  }

  void start() {
    thread.start();
  }

  /** Ends the watching; what it is doing it finishes, within 5 seconds if it can. */
  void close() {
    thread.interrupt();
    try {
      if (!thread.join(java.time.Duration.ofSeconds(5))) {
        LOG.warn("The plugins folder is still being worked on; going on without waiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks now and returns when the bundles agree with what was seen; false when that takes longer than allowed. */
  boolean look(long millis) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return wanted.offer(done, millis, TimeUnit.MILLISECONDS)
        && done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void run() {
    CountDownLatch asked = null;
    try {
      // While start levels rise, a bundle that is told to start may do so later, and its failure would not be seen
      // here.
      while (!frameworkStarted.getAsBoolean()) {
        Thread.sleep(START_MILLIS);
      }
      while (!Thread.interrupted()) {
        once();
        cleanUp();
        if (asked != null) {
          asked.countDown();
        }
        asked = wanted.poll(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cleanUp() {
    if (deployer.exchanges() != exchanges) {
      exchanges = deployer.exchanges();
      endings = ENDINGS;
    }
    if (endings > 0 && System.nanoTime() - lastEnding > TimeUnit.MILLISECONDS.toNanos(ENDING_MILLIS)) {
      lastEnding = System.nanoTime();
      endings--;
      afterwards.run();
    }
  }

  private void once() {
    String problem = "";
    try {
      deployer.reconcile(folder.read());
    } catch (IOException | RuntimeException | LinkageError e) {
      problem = String.valueOf(e.getMessage());
      if (!problem.equals(lastProblem)) {
        LOG.error("The plugins folder {} cannot be followed: {}", directory, problem, e);
      }
    }
    lastProblem = problem;
  }
}
