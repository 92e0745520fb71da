package io.bundlet.core.inbox;

import io.bundlet.core.time.NodeTime;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The base of an inbox: fields guarded by one lock, and one reader who waits for them to change. Posting never blocks
 * for longer than another post takes. Subclasses keep the fields and touch them only inside {@link #post},
 * {@link #read} and the condition of {@link #await}.
 */
public abstract class Inbox {
  /** A wait without an end. */
  public static final long FOREVER = Long.MAX_VALUE;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final NodeTime time;

  protected Inbox(NodeTime time) {
    this.time = time;
  }

  /** Changes the fields and wakes the reader. */
  protected final void post(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the reader, so that it looks at what it waits for once more. */
  public final void nudge() {
    post(() -> {});
  }

  /** Reads the fields. */
  protected final <T> T read(Supplier<T> reader) {
    lock.lock();
    try {
      return reader.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the condition holds or the monotonic clock reaches {@code untilNanos}.
   *
   * @param met looks at the fields, under the lock; quick, and calls nobody
   * @param untilNanos as in {@link NodeTime#nanos}, or {@link #FOREVER}
   * @return whether the condition holds
   */
  public final boolean await(BooleanSupplier met, long untilNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!met.getAsBoolean()) {
        if (untilNanos == FOREVER) {
          changed.await();
        } else if (untilNanos - time.nanos() <= 0) {
          return false;
        } else {
          time.await(changed, untilNanos);
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
