package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.wasi.preview1.abi.Errno;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ClockTest {
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final int PROCESS = 2;
  private static final int THREAD = 3;
  private static final long SECOND = 1_000_000_000;

  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory);
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  private long time(int clock) throws Exception {
    int at = bed.room(8);
    bed.ok("clock_time_get", clock, 1L, at);
    return bed.int64(at);
  }

  @Test
  void realtimeIsTheTimeOfDay() throws Exception {
    long before = System.currentTimeMillis();
    long shown = time(REALTIME) / 1_000_000;
    assertTrue(before <= shown && shown <= System.currentTimeMillis() + 1, before + " " + shown);
  }

  @Test
  void monotonicTimeGoesOnAsOurs() throws Exception {
    long before = System.nanoTime();
    long shown = time(MONOTONIC);
    assertTrue(before <= shown && shown <= System.nanoTime());
  }

  @Test
  void processorTimeIsThatOfTheGuestsThread() throws Exception {
    long begin = time(THREAD);
    long wall = System.nanoTime();
    while (time(PROCESS) - begin < 20_000_000) {
      Thread.onSpinWait();
    }
    assertTrue(time(THREAD) - begin <= System.nanoTime() - wall + SECOND / 100);
    long before = time(THREAD);
    long process = time(PROCESS);
    assertTrue(before <= process && process <= time(THREAD), "not that of the whole JVM");
  }

  @Test
  void resolutionsAreFine() throws Exception {
    for (int clock = 0; clock <= 3; clock++) {
      int at = bed.room(8);
      bed.ok("clock_res_get", clock, at);
      assertTrue(bed.int64(at) > 0 && bed.int64(at) < SECOND, "clock " + clock);
    }
  }

  @Test
  void unknownClocksAreRefused() throws Exception {
    assertEquals(Errno.INVAL, bed.call("clock_time_get", 4, 0L, 64));
    assertEquals(Errno.INVAL, bed.call("clock_res_get", -1, 64));
  }
}
