package io.bundlet.core.hook;

import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hook under way. All methods may be called from any thread and return at once. */
public final class HookRun {
  private static final Logger LOG = LoggerFactory.getLogger(HookRun.class);

  /** What a hook does; blocks, and ends soon after an interrupt. */
  @FunctionalInterface
  interface Work {
    HookOutcome run();
  }

  private final NodeTime time;
  private final Runnable whenDone;
  private final Fields fields;
  private final long beganAt;
  private volatile long endedAt;
  private volatile HookOutcome outcome;

  private HookRun(NodeTime time, Duration limit, Runnable whenDone) {
    this.time = time;
    this.whenDone = whenDone;
    this.beganAt = time.nanos();
    this.fields = new Fields(time, time.after(limit));
  }

  /** Does this work, at most so long. */
  static HookRun of(String name, Work work, NodeTime time, Duration limit, Runnable whenDone) {
    HookRun run = new HookRun(time, limit, whenDone);
    Thread.ofVirtual().name("bundlet-hook-" + name).start(() -> run.wait(name, work));
    return run;
  }

  /** Only lets time pass. */
  static HookRun sleep(String name, Duration sleep, NodeTime time, Duration limit, Runnable whenDone) {
    HookRun run = new HookRun(time, limit, whenDone);
    long until = time.after(sleep);
    Thread.ofVirtual().name("bundlet-hook-" + name).start(() -> run.pass(until));
    return run;
  }

  private void wait(String name, Work work) {
    Thread worker =
        Thread.ofVirtual().name("bundlet-hook-work-" + name).start(() -> fields.finish(finished(work)));
    try {
      HookOutcome how = fields.awaitEnd(Long.MAX_VALUE);
      end(how == null ? cut() : how);
    } finally {
      worker.interrupt();
    }
  }

  private static HookOutcome finished(Work work) {
    try {
      return work.run();
    } catch (RuntimeException | Error unexpected) {
      return HookOutcome.failed("the hook failed unexpectedly: " + unexpected);
    }
  }

  private void pass(long until) {
    HookOutcome how = fields.awaitEnd(until);
    end(how != null ? how : time.nanos() - until >= 0 ? HookOutcome.DONE : cut());
  }

  private HookOutcome cut() {
    return new HookOutcome(HookOutcome.Kind.CUT, "the hook did not end within " + took().toSeconds() + "s");
  }

  private void end(HookOutcome how) {
    endedAt = time.nanos();
    outcome = how;
    try {
      whenDone.run();
    } catch (RuntimeException failed) {
      LOG.error("nobody took the end of a hook", failed);
    }
  }

  /** Whether {@link #outcome} may be asked. */
  public boolean done() {
    return outcome != null;
  }

  /** How it ended. @throws IllegalStateException while it has not */
  public HookOutcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException("the hook has not ended");
    }
    return outcome;
  }

  /** How long it took, or has taken so far. */
  public Duration took() {
    return Duration.ofNanos((outcome == null ? time.nanos() : endedAt) - beganAt);
  }

  /** Ends it at the latest so long from now; can only shorten its time. */
  public void within(Duration limit) {
    fields.within(time.after(limit));
  }

  /** Ends it now, as {@link HookOutcome.Kind#CANCELLED} unless it has ended. Idempotent. */
  public void cancel() {
    fields.finish(new HookOutcome(HookOutcome.Kind.CANCELLED, "the hook was cancelled"));
  }

  /** The end and the deadline; whichever end comes first counts. */
  private static final class Fields extends Inbox {
    private long deadline;
    private HookOutcome end;

    private Fields(NodeTime time, long deadline) {
      super(time);
      this.deadline = deadline;
    }

    private void finish(HookOutcome how) {
      post(() -> end = end == null ? how : end);
    }

    private void within(long until) {
      post(() -> deadline = until - deadline < 0 ? until : deadline);
    }

    /** Waits for an end, the deadline, or that time. @return the end, or null when time was over before it */
    private HookOutcome awaitEnd(long until) {
      try {
        while (true) {
          long limit = read(() -> deadline);
          long wake = until != Long.MAX_VALUE && until - limit < 0 ? until : limit;
          boolean met = await(() -> end != null || deadline != limit, wake);
          HookOutcome known = read(() -> end);
          if (known != null || !met) {
            return known;
          }
        }
      } catch (InterruptedException never) {
        return HookOutcome.failed("the hook's thread was interrupted");
      }
    }
  }
}
