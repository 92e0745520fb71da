package io.bundlet.core.inbox;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.time.NodeTime;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An inbox of something that may be asked to stop. Waits and calls of its owner either heed the request, and then end
 * by {@link StopRequested}, or go through all the same; an interrupt ends both.
 */
public abstract class StoppableInbox extends Inbox {
  /** How long a cancelled call is waited for, so that its effects are not overtaken. */
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(2);

  private final NodeTime time;
  private StopReason stop;

  protected StoppableInbox(NodeTime time) {
    super(time);
    this.time = time;
  }

  /** Asks to stop; a second request can only shorten the grace. */
  public final void stop(StopReason why) {
    post(() -> stop = stop == null ? why : stop.or(why));
  }

  /** Why it is to stop; empty while it is not. */
  public final Optional<StopReason> stopRequest() {
    return read(() -> Optional.ofNullable(stop));
  }

  /** Under the lock: whether its owner is to leave what it does. */
  protected boolean leaving() {
    return stop != null;
  }

  /** Under the lock or by the reader: when it is to leave by itself, by the monotonic clock. */
  protected long leavesAtNanos() {
    return FOREVER;
  }

  /** Under the lock: whether a stop earlier than this one is asked for. */
  public final boolean moreUrgent(StopReason than) {
    return stop != null && stop.deadlineNanos() - than.deadlineNanos() < 0;
  }

  /** Waits for a condition; a stop request ends the wait. @return whether the condition holds */
  public final boolean awaitOrStop(BooleanSupplier met, long untilNanos) throws StopRequested, InterruptedException {
    boolean holds = await(() -> leaving() || met.getAsBoolean(), earlier(untilNanos, leavesAtNanos()));
    if (read(this::leaving)) {
      throw new StopRequested();
    }
    return holds;
  }

  private static long earlier(long aNanos, long bNanos) {
    if (aNanos == FOREVER || bNanos == FOREVER) {
      return aNanos == FOREVER ? bNanos : aNanos;
    }
    return aNanos - bNanos < 0 ? aNanos : bNanos;
  }

  /** Waits for a call's result; a stop request cancels the call. */
  public final <T> T resultOrStop(ChildCall<T> call) throws ProviderFailure, StopRequested, InterruptedException {
    return resultOrStop(call, FOREVER, null);
  }

  /** The same; a call whose time is over is cancelled, too. @param late what is thrown then */
  public final <T> T resultOrStop(ChildCall<T> call, long untilNanos, ProviderFailure late)
      throws ProviderFailure, StopRequested, InterruptedException {
    try {
      await(() -> call.done() || leaving(), earlier(untilNanos, leavesAtNanos()));
      boolean stopped = read(this::leaving) || untilNanos == FOREVER || time.nanos() - untilNanos < 0;
      if (!call.done()) {
        call.cancel();
        await(call::done, time.after(CANCEL_LIMIT));
        if (stopped) {
          throw new StopRequested();
        }
        throw late;
      }
      return call.result();
    } catch (InterruptedException abandoned) {
      call.cancel();
      throw abandoned;
    }
  }

  /** Waits for a call's result; a stop request changes nothing. */
  public final <T> T result(ChildCall<T> call) throws ProviderFailure, InterruptedException {
    try {
      await(call::done, FOREVER);
    } catch (InterruptedException abandoned) {
      call.cancel();
      throw abandoned;
    }
    return call.result();
  }
}
