package io.bundlet.e2e.limits;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Measures how many processors something uses, over some seconds. */
final class ProcessorTime {
  private static final long WINDOW = Duration.ofSeconds(5).toNanos();
  private static final int WINDOWS = 6;
  /** So much of a processor must have been free for what got too little to be at fault. */
  private static final double ROOM = 0.3;

  private ProcessorTime() {}

  /** Gives the nanoseconds used so far. */
  @FunctionalInterface
  interface Counter {
    long nanos() throws IOException;
  }

  /**
   * Looks until it uses about as much as this, and never more. On a machine whose processors are busy with something
   * else all the time it is kept from using what it may; then this says nothing.
   */
  static void assertUses(String what, double processors, double tolerance, Counter counter) throws IOException {
    List<String> seen = new ArrayList<>();
    boolean room = false;
    for (int i = 0; i < WINDOWS; i++) {
      Machine machine = Machine.now();
      long from = System.nanoTime();
      long before = counter.nanos();
      long idle = idle();
      while (System.nanoTime() - from < WINDOW) {
        LockSupport.parkNanos(WINDOW - (System.nanoTime() - from));
      }
      long used = counter.nanos() - before;
      double share = (double) used / (System.nanoTime() - from);
      room |= (double) (idle() - idle) / (System.nanoTime() - from) > ROOM;
      seen.add(String.format(Locale.ROOT, "%.4f (%s)", share, Machine.now().since(machine)));
      if (share > processors * (1 + tolerance)) {
        throw new AssertionError(what + " may use " + processors + " of a processor and used " + seen);
      }
      if (share >= processors * (1 - tolerance)) {
        System.out.println("| " + what + " | " + processors + " | " + seen + " |");
        return;
      }
    }
    String less = what + " may use " + processors + " of a processor and got no more than " + seen;
    assumeTrue(room, "the machine had no processor free: " + less);
    throw new AssertionError(less);
  }

  /** Nanoseconds that the machine's processors had nothing to do; the kernel counts in hundredths of a second. */
  private static long idle() throws IOException {
    String[] all = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
    return Long.parseLong(all[4]) * 10_000_000L;
  }
}
