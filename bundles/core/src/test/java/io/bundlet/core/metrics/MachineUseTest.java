package io.bundlet.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.core.eviction.NodeSignals;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.machine.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineUseTest {
  @TempDir
  private Path directory;
  private final ManualTime time = new ManualTime();

  private MachineUse machine(NodeSignals signals) {
    return new MachineUse(directory.resolve("stat"), signals, time);
  }

  private void ticks(long user, long system) throws IOException {
    Files.writeString(
        directory.resolve("stat"),
        "cpu  " + user + " 1 " + system + " 900 50 2 3 4 77 0\ncpu0 9 9 9 9 9 9 9 9 9 9\nintr 1 2\n");
  }

  @Test
  void processorTimeIsThatOfAllButIdleness() throws IOException {
    ticks(100, 200);
    NodeUsageView use = machine(Map::of).now();
    assertEquals(OptionalLong.of((100 + 1 + 200 + 2 + 3 + 4) * 10_000_000L), use.cpuNanos());
    assertEquals(OptionalLong.empty(), use.cpuMillis(), "one look says nothing of a rate");
  }

  @Test
  void theRateIsThatSinceTheLookBefore() throws IOException {
    MachineUse machine = machine(Map::of);
    ticks(0, 0);
    machine.now();
    time.advance(Duration.ofSeconds(10));
    ticks(500, 1000);
    assertEquals(OptionalLong.of(1500), machine.now().cpuMillis(), "15 s of processor time within 10 s");
  }

  @Test
  void whoAsksOftenReadsNoFiles() throws IOException {
    MachineUse machine = machine(Map::of);
    ticks(0, 0);
    NodeUsageView first = machine.now();
    time.advance(Duration.ofSeconds(4));
    ticks(500, 0);
    assertSame(first, machine.now());
  }

  @Test
  void whatCannotBeReadIsNotKnown() {
    NodeUsageView use =
        machine(() -> Map.of(Signal.MEMORY_AVAILABLE, new NodeSignals.Reading(30, 100))).now();
    assertEquals(OptionalLong.empty(), use.cpuNanos());
    assertEquals(OptionalLong.of(70), use.memoryBytes());
    assertEquals(OptionalLong.of(30), use.memoryAvailableBytes());
    assertEquals(OptionalLong.empty(), use.diskBytes());
  }
}
