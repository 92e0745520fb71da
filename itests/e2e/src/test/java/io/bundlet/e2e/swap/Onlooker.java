package io.bundlet.e2e.swap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Follows one pod from outside on a thread of its own: how long it was silent, and what went wrong. */
abstract class Onlooker implements AutoCloseable {
  /** The time from the last beat before it started again to the first one after that. */
  record Silence(long fromNanos, long toNanos) {
    long millis() {
      return (toNanos - fromNanos) / 1_000_000;
    }
  }

  /** What was seen since the last look. */
  record Seen(long beats, long gapMillis, List<String> problems, List<Silence> restarts) {
    /** How many of these were silent at one moment because they started again. */
    static long together(Collection<Seen> many) {
      List<Silence> all = many.stream().flatMap(seen -> seen.restarts().stream()).toList();
      return all.stream().mapToLong(one -> all.stream()
          .filter(other -> other.fromNanos <= one.fromNanos && one.fromNanos < other.toNanos).count()).max().orElse(0);
    }

    @Override
    public String toString() {
      return gapMillis + " ms" + (problems.isEmpty() ? "" : " " + problems);
    }
  }

  private static final long PAUSE_MILLIS = 5;

  private final String name;
  private final Thread thread;
  private final boolean mayRestart;
  private final List<String> problems = new ArrayList<>();
  private final List<Silence> restarts = new ArrayList<>();
  private long last = System.nanoTime();
  private long gap;
  private long beats;
  private volatile boolean closed;

  /** @param mayRestart whether the pod may start again, which is a problem else */
  Onlooker(String name, boolean mayRestart) {
    this.name = name;
    this.mayRestart = mayRestart;
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

  /** A beat, the first one after the pod has started again. */
  synchronized void restarted() {
    if (mayRestart) {
      restarts.add(new Silence(last, System.nanoTime()));
    } else {
      problem(name + " has started again");
    }
    beat();
  }

  /** How often it has started again since the last {@link #take}. */
  synchronized int restarts() {
    return restarts.size();
  }

  boolean mayRestart() {
    return mayRestart;
  }

  synchronized void problem(String what) {
    if (problems.size() < 20) {
      problems.add(what);
    }
  }

  /** Takes what was seen, and begins anew. A silence that goes on counts. */
  synchronized Seen take() {
    long largest = Math.max(gap, System.nanoTime() - last) / 1_000_000;
    Seen seen = new Seen(beats, largest, List.copyOf(problems), List.copyOf(restarts));
    gap = 0;
    beats = 0;
    problems.clear();
    restarts.clear();
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
