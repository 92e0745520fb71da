package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container on its stage: does its steps, and ends when it is told to. */
final class Performance {
  private static final Logger LOG = LoggerFactory.getLogger(Performance.class);
  private static final int TERMINATED = 143;

  private final Control control;
  private final Consumer<Performance> changed;
  private final List<WebServer> servers = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private Saved saved;
  private Thread thread;
  private long killAtNanos = Long.MAX_VALUE;

  /** @param changed keeps and tells how it is now; called without a lock */
  Performance(Control control, Saved saved, Consumer<Performance> changed) {
    this.control = control;
    this.saved = saved;
    this.changed = changed;
    if (saved.status().exit().isPresent()) {
      over.countDown();
    }
  }

  synchronized Saved saved() {
    return saved;
  }

  boolean is(String state) {
    return saved().status().state().equals(state);
  }

  /** Begins, or goes on where the process before has left it. */
  void begin() {
    synchronized (this) {
      if (thread != null || saved.status().exit().isPresent()) {
        return;
      }
      if (saved.status().state().equals(ContainerStatus.CREATED)) {
        saved = saved.with(saved.status().running(Instant.now()));
      }
      serve(saved.steps());
      thread = Thread.ofVirtual().name("scripted-" + saved.status().id()).unstarted(this::perform);
    }
    changed.accept(this);
    thread.start();
  }

  private void perform() {
    try {
      Steps steps = new Steps(control, saved(), this::log);
      List<String> all = saved().steps();
      for (int i = 0; i < all.size(); i++) {
        String step = all.get(i);
        if (i < saved().position() || step.startsWith("serve ")) {
          continue;
        }
        at(i);
        if (step.equals("vanish")) {
          end(null);
          return;
        }
        OptionalInt exit = steps.does(step);
        if (exit.isPresent()) {
          String[] words = step.split(" ");
          end(step.startsWith("exit ") && words.length > 2
              ? new Exit(exit.getAsInt(), words[2], "", Instant.now())
              : Exit.of(exit.getAsInt(), "", Instant.now()));
          return;
        }
      }
      end(Exit.of(0, "", Instant.now()));
    } catch (InterruptedException ended) {
      LOG.debug("{} was ended from outside", saved().status().id());
    } catch (RuntimeException defect) {
      LOG.warn("a script cannot go on", defect);
      end(Exit.of(126, defect.toString(), Instant.now()));
    }
  }

  /** Before anything else, so that who asks after the start gets an answer. */
  private void serve(List<String> steps) {
    for (String step : steps) {
      if (step.startsWith("serve ")) {
        try {
          servers.add(new WebServer(control, saved, Integer.parseInt(step.substring(6))));
        } catch (IOException failed) {
          LOG.warn("{}: {} is not served", saved.status().id(), step, failed);
        }
      }
    }
  }

  private void at(int step) {
    synchronized (this) {
      saved = saved.at(step);
    }
    changed.accept(this);
  }

  private void log(String stream, String text) {
    try {
      Files.createDirectories(saved().log().getParent());
      for (String line : text.split("\n", -1)) {
        Files.write(
            saved().log(), (Instant.now() + " " + stream + " F " + line + "\n").getBytes(StandardCharsets.UTF_8),
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException failed) {
      LOG.warn("no log", failed);
    }
  }

  /** Ends it; null: without a trace. */
  void end(Exit how) {
    synchronized (this) {
      if (saved.status().exit().isPresent() || over.getCount() == 0) {
        return;
      }
      over.countDown();
      if (how != null) {
        saved = saved.with(saved.status().exited(how));
      }
      leave();
    }
    changed.accept(this);
  }

  /** Whether it is gone without a trace. */
  synchronized boolean vanished() {
    return over.getCount() == 0 && saved.status().exit().isEmpty();
  }

  /** The process ends, or the container: nothing is done here any more. */
  synchronized void leave() {
    if (thread != null && thread != Thread.currentThread()) {
      thread.interrupt();
    }
    for (WebServer server : servers) {
      try {
        server.close();
      } catch (IOException failed) {
        LOG.debug("a socket stays until the process ends", failed);
      }
    }
    servers.clear();
  }

  /** After {@link #leave}: waits a moment until nothing is done here any more. */
  void awaitLeft() throws InterruptedException {
    Thread left;
    synchronized (this) {
      left = thread;
    }
    if (left != null) {
      left.join(Duration.ofSeconds(2));
    }
  }

  /** Asks it to end and waits until it has ended; a later call may shorten the grace. */
  void stop(Duration grace) throws InterruptedException {
    String how = saved().order("stop");
    synchronized (this) {
      killAtNanos = Math.min(killAtNanos, System.nanoTime() + grace.toNanos());
    }
    if (!how.startsWith("deaf")) {
      int code = how.isEmpty() ? TERMINATED : Integer.parseInt(how);
      end(Exit.of(code, "", Instant.now()));
    }
    while (over.getCount() > 0) {
      if (System.nanoTime() - killAt() >= 0) {
        end(Exit.of(Exit.KILLED, "", Instant.now()));
      }
      Control.sleep(5);
    }
  }

  private synchronized long killAt() {
    return killAtNanos;
  }
}
