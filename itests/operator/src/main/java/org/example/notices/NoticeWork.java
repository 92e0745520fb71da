package org.example.notices;

import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What the machine of one notice knows. Who watches the cluster puts in what is heard, the latest of each thing and no
 * queue, and never waits; the machine's thread reads it and waits for it.
 */
final class NoticeWork {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Board board;
  private final Duration firstWait;
  private final Duration longestWait;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Notice latest;
  private boolean disturbed;
  private Departure departure;
  private boolean ended;
  // the machine's thread alone
  private NoticeStatus told;
  private int failures;

  /** Of a notice that was just heard of. The waits are those between tries that fail: doubled from first to longest. */
  NoticeWork(Notice notice, Board board, Duration firstWait, Duration longestWait) {
    this.board = board;
    this.firstWait = firstWait;
    this.longestWait = longestWait;
    told = notice.getStatus();
    heard(notice);
  }

  /** The notice is like this now. */
  void heard(Notice notice) {
    put(() -> {
      latest = notice;
      if (notice.deleted() && departure == null) {
        departure = Departure.DELETED;
      }
    });
  }

  /** The notice is not there any more. */
  void gone() {
    put(() -> departure = Departure.GONE);
  }

  /** What was posted is not what was posted any more. */
  void disturbed() {
    put(() -> disturbed = true);
  }

  /** The machine has come to its end. */
  void ended() {
    put(() -> ended = true);
  }

  /** Whether nobody has anything to do with it any more. */
  boolean over() {
    lock.lock();
    try {
      return ended && departure == Departure.GONE;
    } finally {
      lock.unlock();
    }
  }

  private void put(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The notice as it was heard of last. */
  Notice notice() {
    lock.lock();
    try {
      return latest;
    } finally {
      lock.unlock();
    }
  }

  /** The same, by somebody who is going to look at everything: disturbances so far do not count any more. */
  Notice look() {
    lock.lock();
    try {
      disturbed = false;
      return latest;
    } finally {
      lock.unlock();
    }
  }

  Optional<Departure> departure() {
    lock.lock();
    try {
      return Optional.ofNullable(departure);
    } finally {
      lock.unlock();
    }
  }

  Board board() {
    return board;
  }

  /** Whether the notice's status says that it is this node's. */
  boolean claimed() {
    return told != null && board.node().equals(told.nodeName());
  }

  /** Writes the status of something that goes well, if it is another than what was written last. */
  void tell(String phase, long generation, String configMap) throws NoticeFailure, InterruptedException {
    tell(phase, generation, configMap, null);
  }

  /** The same of a failure. What could be read before can still be read. */
  void tellFailure(String phase, long generation, NoticeFailure failure) throws NoticeFailure, InterruptedException {
    tell(phase, generation, told == null ? null : told.configMap(), failure.getMessage());
  }

  private void tell(String phase, long generation, String configMap, String message)
      throws NoticeFailure, InterruptedException {
    NoticeStatus status = new NoticeStatus(phase, board.node(), configMap, message, generation);
    if (!status.equals(told)) {
      board.tell(notice(), status);
      told = status;
    }
  }

  /** It went well: the next wait after a failure is the first one again. */
  void succeeded() {
    failures = 0;
  }

  /** Waits for another spec than that of this generation, or a disturbance. */
  void awaitChange(long generation) throws StopRequested, InterruptedException {
    await(() -> disturbed || departure != null || latest.generation() != generation, FOREVER);
    leaveIfAsked();
  }

  /** Waits after a failure, ever longer, but no longer than until the spec is another. */
  void backOff(long generation) throws StopRequested, InterruptedException {
    await(() -> departure != null || latest.generation() != generation, wait(failures++));
    leaveIfAsked();
  }

  /** Waits after a failure, ever longer, whatever is heard. */
  void backOff() throws InterruptedException {
    await(() -> false, wait(failures++));
  }

  private Duration wait(int before) {
    long millis = Math.min(firstWait.toMillis() << Math.min(before, 20), longestWait.toMillis());
    // shortened by up to a half at random, so that many that fail together are not repeated together
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  private void leaveIfAsked() throws StopRequested {
    if (departure().isPresent()) {
      throw new StopRequested();
    }
  }

  private void await(BooleanSupplier so, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = limit.toNanos();
      while (!so.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
