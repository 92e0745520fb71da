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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests that write more than they may. */
@Timeout(300)
class OutputRateTest {
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

  @Test
  void whoWritesTooMuchWaitsAndLosesNothingAndHisNeighbourDoesNotWait() throws Exception {
    int rate = 256 << 10;
    rig.host.outputRate(rate);
    String nonce = UUID.randomUUID().toString();
    String line = nonce + " " + "x".repeat(1000) + "\n";
    int lines = 3 * rate / line.length();
    CountDownLatch heard = new CountDownLatch(1);
    long begin = System.nanoTime();
    ContainerId loud = rig.run("loud.wasm", guest -> {
      for (int i = 0; i < lines; i++) {
        if (i % 2 == 0) {
          guest.print(line);
        } else {
          guest.printError(line);
        }
      }
      heard.await();
    });
    // It has a second's worth at once, and is then held up: in this time its neighbour writes.
    HostRig.until(() -> rig.log(0).length() > rate);
    ContainerId quiet = rig.run("quiet.wasm", guest -> {
      guest.print(nonce);
      heard.await();
    });
    HostRig.until(() -> rig.log(0).lines().count() == lines);
    double seconds = (System.nanoTime() - begin) / 1e9;
    // What two FIFOs hold is not taken yet when it has been written; what the log shows has been taken.
    double least = (double) ((long) lines * line.length() - rate - (2 << 16)) / rate;
    assertTrue(seconds >= least, seconds + " s for what takes " + least + " s");
    heard.countDown();
    assertEquals(0, rig.exit(loud).code());
    assertEquals(0, rig.exit(quiet).code());
    assertTrue(rig.log(1).contains(nonce), rig.log(1));
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
