package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Stop;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests that write more than they may. */
@Timeout(300)
class OutputRateTest {
  private static final int ROUND_TRIPS = 50;

  private final String nonce = UUID.randomUUID().toString();
  @TempDir Path directory;
  private HostRig rig;

  @BeforeEach
  void begin() {
    rig = new HostRig(directory);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  /**
   * A loud guest whose log grows by 64 KiB a second is held back for a second or more after each look at it. A quiet
   * one writes a line, waits until it is in its log, and writes the next one; none of them waits for the loud one.
   */
  @Test
  void whoWritesTooMuchWaitsAndLosesNothingAndHisNeighbourDoesNotWait() throws Exception {
    int rate = 64 << 10;
    rig.host.outputRate(rate);
    String line = nonce + " " + "x".repeat(1000) + "\n";
    CountDownLatch enough = new CountDownLatch(1);
    AtomicLong written = new AtomicLong();
    long begin = System.nanoTime();
    ContainerId loud = rig.run("loud.wasm", guest -> {
      while (enough.getCount() > 0) {
        if (written.getAndIncrement() % 2 == 0) {
          guest.print(line);
        } else {
          guest.printError(line);
        }
      }
    });
    HostRig.until(() -> rig.log(0).length() > rate);
    long before = rig.log(0).length();
    Semaphore seen = new Semaphore(1);
    ContainerId quiet = rig.run("quiet.wasm", guest -> {
      for (int i = 0; i < ROUND_TRIPS; i++) {
        seen.acquire();
        guest.print(nonce + " " + i + "\n");
      }
    });
    for (int i = 0; i < ROUND_TRIPS; i++) {
      String text = " " + i + "\n";
      HostRig.until(() -> rig.log(1).endsWith(text));
      seen.release();
    }
    long grown = rig.log(0).length() - before;
    assertTrue(grown < ROUND_TRIPS / 2 * (long) rate, "it was looked at less often: " + grown + " bytes more");
    enough.countDown();
    assertEquals(0, rig.exit(quiet).code());
    assertEquals(0, rig.exit(loud).code());
    double seconds = (System.nanoTime() - begin) / 1e9;
    // A second's worth at first; what two FIFOs hold at the end is taken whatever the rate; one look may be too much.
    double most = rate * (seconds + 1) + 3 * (64 << 10) * 1.1;
    assertEquals(written.get(), rig.log(0).lines().filter(each -> each.endsWith("x")).count());
    assertTrue(rig.log(0).length() <= most, rig.log(0).length() + " bytes, " + most + " at most");
  }

  @Test
  void anotherRateCountsAtOnce() throws Exception {
    rig.host.outputRate(1);
    ContainerId loud = rig.run("loud.wasm", guest -> guest.print(("x".repeat(1000) + "\n").repeat(1000)));
    HostRig.until(() -> !rig.log(0).isEmpty());
    rig.host.outputRate(0);
    assertEquals(0, rig.exit(loud).code());
    assertEquals(1000, rig.log(0).lines().count());
  }

  @Test
  void whoIsKilledWhileHeWaitsToWriteIsGone() throws Exception {
    rig.host.outputRate(64 << 10);
    ContainerId loud = rig.run("loud.wasm", guest -> {
      // One system call that nothing but a reader ends; then it is killed, as any guest that comes back to its code.
      guest.print("x".repeat(16 << 20));
      guest.spin();
    });
    HostRig.until(() -> rig.log(0).length() >= 64 << 10);
    rig.host.stopContainer(loud, Stop.now("deleted"));
    Exit exit = rig.exit(loud);
    assertEquals(Exit.KILLED, exit.code());
    assertFalse(exit.message().contains("given up"), exit.message());
  }
}
