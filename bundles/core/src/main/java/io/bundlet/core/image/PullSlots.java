package io.bundlet.core.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Lets so many pulls through at a time for each runtime provider, in the order in which they came. For all threads;
 * nobody waits in here.
 */
public final class PullSlots {
  /** Not counted. */
  public static final int ANY_NUMBER = 0;

  private final IntSupplier most;
  private final Map<String, Line> lines = new HashMap<>();

  /** Those of one provider. */
  private static final class Line {
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private int running;
  }

  /** @param most how many, or {@link #ANY_NUMBER}; may change at any time, and counts from the next pull that ends */
  public PullSlots(IntSupplier most) {
    this.most = most;
  }

  /** A place in the line. */
  public final class Turn implements AutoCloseable {
    private final String provider;
    private final Runnable whenGranted;
    private volatile boolean granted;
    private boolean closed;

    private Turn(String provider, Runnable whenGranted) {
      this.provider = provider;
      this.whenGranted = whenGranted;
    }

    /** Whether it may be pulled now. Returns at once. */
    public boolean granted() {
      return granted;
    }

    /** Lets the next one through, or leaves the line. Again does nothing. */
    @Override
    public void close() {
      leave(this);
    }
  }

  /**
   * Stands in line. The turn has to be closed.
   *
   * @param whenGranted called by whoever leaves, when it is not granted at once; never blocks
   */
  public Turn stand(String provider, Runnable whenGranted) {
    Turn turn = new Turn(provider, whenGranted);
    List<Turn> next;
    synchronized (this) {
      lines.computeIfAbsent(provider, none -> new Line()).waiting.add(turn);
      next = grant(provider);
    }
    next.stream().filter(other -> other != turn).forEach(other -> other.whenGranted.run());
    return turn;
  }

  private void leave(Turn turn) {
    List<Turn> next;
    synchronized (this) {
      if (turn.closed) {
        return;
      }
      turn.closed = true;
      Line line = lines.get(turn.provider);
      if (turn.granted) {
        line.running--;
      } else {
        line.waiting.remove(turn);
      }
      next = grant(turn.provider);
    }
    next.forEach(other -> other.whenGranted.run());
  }

  /** Under the lock. @return those that may go now */
  private List<Turn> grant(String provider) {
    Line line = lines.get(provider);
    int limit = most.getAsInt();
    List<Turn> now = new ArrayList<>();
    while (!line.waiting.isEmpty() && (limit <= ANY_NUMBER || line.running < limit)) {
      Turn first = line.waiting.remove();
      first.granted = true;
      line.running++;
      now.add(first);
    }
    if (line.running == 0 && line.waiting.isEmpty()) {
      lines.remove(provider);
    }
    return now;
  }
}
