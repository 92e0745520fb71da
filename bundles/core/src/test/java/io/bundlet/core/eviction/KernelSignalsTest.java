package io.bundlet.core.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.eviction.NodeSignals.Reading;
import io.bundlet.core.machine.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSignalsTest {
  @TempDir private Path proc;

  @Test
  void readsWhatTheKernelSays() throws Exception {
    Files.createDirectories(proc.resolve("sys/kernel"));
    Files.writeString(proc.resolve("meminfo"), "MemTotal:  2048 kB\nMemFree: 1 kB\nMemAvailable:    1024 kB\n");
    Files.writeString(proc.resolve("loadavg"), "0.10 0.20 0.30 2/345 999\n");
    Files.writeString(proc.resolve("sys/kernel/pid_max"), "4194304\n");
    Files.writeString(proc.resolve("sys/kernel/threads-max"), "1000\n");
    Map<Signal, Reading> readings = new KernelSignals(proc, proc).read();
    assertEquals(new Reading(1 << 20, 2 << 20), readings.get(Signal.MEMORY_AVAILABLE));
    assertEquals(new Reading(655, 1000), readings.get(Signal.PID_AVAILABLE));
    assertEquals(
        Files.getFileStore(proc).getTotalSpace(), readings.get(Signal.NODEFS_AVAILABLE).capacity());
  }

  @Test
  void whatIsNotThereIsNotRead() {
    Map<Signal, Reading> readings = new KernelSignals(proc.resolve("none"), proc.resolve("none")).read();
    assertTrue(readings.isEmpty(), readings.toString());
  }

  @Test
  void theRealKernelSaysAllThatIsNeeded() {
    Map<Signal, Reading> readings = new KernelSignals(proc).read();
    assertTrue(readings.get(Signal.MEMORY_AVAILABLE).available() > 0);
    assertTrue(readings.get(Signal.PID_AVAILABLE).available() > 0);
    assertFalse(readings.get(Signal.NODEFS_AVAILABLE).capacity() == 0);
  }
}
