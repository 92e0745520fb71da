package io.bundlet.wasmengine.endive;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the node's heap all guests of this engine may take together. A heap that is full ends the node and every
 * pod with it, so what does not fit is refused to the guest that asks. Any thread.
 */
final class HeapBudget {
  private final long all;
  private final AtomicLong left;

  HeapBudget(long bytes) {
    all = bytes;
    left = new AtomicLong(bytes);
  }

  /** Takes this many bytes, or nothing. */
  boolean take(long bytes) {
    return left.getAndUpdate(free -> free >= bytes ? free - bytes : free) >= bytes;
  }

  /** Gives back what was taken. */
  void give(long bytes) {
    left.addAndGet(bytes);
  }

  /** Why something was refused, and what to do. */
  String refusal(String what, long bytes) {
    return what + " needs " + mebibytes(bytes) + " of heap; of the " + mebibytes(all) + " that all guests of the engine"
        + " endive have together " + mebibytes(left.get()) + " are free. Use the engine wasmtime, or give the node a"
        + " larger heap";
  }

  private static String mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1 >> 20) + " MiB";
  }
}
