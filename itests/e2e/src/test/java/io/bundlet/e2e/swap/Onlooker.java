package io.bundlet.e2e.swap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Follows one pod from outside on a thread of its own: how long it was silent, and what went wrong. */
abstract class Onlooker implements AutoCloseable {
  /** What was seen since the last look. */
  record Seen(long beats, long gapMillis, List<String> problems) {
    @Override
    public String toString() {
      return gapMillis + " ms" + (problems.isEmpty() ? "" : " " + problems);
    }
  }

  private static final long PAUSE_MILLIS = 5;

  private final String name;
  private final Thread thread;
  private final List<String> problems = new ArrayList<>();
  private long last = System.nanoTime();
  private long gap;
  private long beats;
  private volatile boolean closed;

  Onlooker(String name) {
    this.name = name;
    thread = Thread.ofPlatform().daemon().name("onlooker " + name).unstarted(this::run);
  }

  /** Looks once; may block for a short time. Tells of {@link #beat} and {@link #problem}. */
  abstract void look() throws Exception;

  String name() {
    return name;
  }

  Onlooker begin() {
    thread.start();
    return this;
  }

  private void run() {
    while (!closed) {
      try {
        look();
        pause(PAUSE_MILLIS);
        if (Thread.interrupted()) {
          return;
        }
      } catch (Exception failed) {
        if (!closed) {
          problem(failed.toString());
        }
      }
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  synchronized void beat() {
    long now = System.nanoTime();
    gap = Math.max(gap, now - last);
    last = now;
    beats++;
  }

  synchronized void problem(String what) {
    if (problems.size() < 20) {
      problems.add(what);
    }
  }

  /** Takes what was seen, and begins anew. A silence that goes on counts. */
  synchronized Seen take() {
    Seen seen = new Seen(beats, Math.max(gap, System.nanoTime() - last) / 1_000_000, List.copyOf(problems));
    gap = 0;
    beats = 0;
    problems.clear();
    return seen;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    thread.interrupt();
    try {
      thread.join(5000);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
