package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestCounters;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.HostModule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestNumbersTest {
  private static final FunctionType NOTHING_TO_INT = new FunctionType(List.of(), List.of("i32"));
  private static final FunctionImport OPEN = new FunctionImport("files", "open", NOTHING_TO_INT);

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

  /** Counts as a module does that keeps a guest's files; something of its own must not come to light. */
  private static final class Files implements HostModule {
    /** What is counted of a guest, by the name of the metric that shows it. */
    private static final Map<String, String> COUNTED = Map.of(
        "bundlet_guest_open_files", GuestCounters.OPEN_FILES,
        "bundlet_guest_file_read_bytes_total", GuestCounters.FILES_READ,
        "bundlet_guest_file_written_bytes_total", GuestCounters.FILES_WRITTEN);

    final Map<String, Double> expected = new HashMap<>();
    volatile boolean closed;

    Files() {
      double[] values = ThreadLocalRandom.current().doubles(COUNTED.size(), 1, 1L << 40).map(Math::floor).toArray();
      COUNTED.keySet().forEach(metric -> expected.put(metric, values[expected.size()]));
    }

    @Override
    public Map<String, FunctionType> functions() {
      return Map.of("open", NOTHING_TO_INT);
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) {
      guest.attributes().putIfAbsent("own", (AutoCloseable) () -> closed = true);
      expected.forEach((metric, value) ->
          guest.attributes().putIfAbsent(COUNTED.get(metric), new AtomicLong(value.longValue())));
      results[0] = 1;
    }
  }

  /** The numbers by metric; of a container, as told by the labels. */
  private Map<String, Double> told(String pod) {
    Map<String, Double> found = new HashMap<>();
    rig.host.numbers(new MetricsSink() {
      @Override
      public void sample(Metric metric, double value, String... labels) {
        assertEquals(metric.labels().size(), labels.length);
        if (List.of(labels).equals(List.of("default", pod, "main", "fake"))) {
          found.put(metric.name(), value);
        }
      }

      @Override
      public void sampleAt(Metric metric, Instant time, double value, String... labels) {
        throw new AssertionError(metric);
      }

      @Override
      public void histogram(Metric metric, HistogramValue value, String... labels) {
        throw new AssertionError(metric);
      }
    });
    return found;
  }

  @Test
  void whatAGuestDoesIsToldWhileItRunsAndWhatModulesKeepIsClosedWithIt() throws Exception {
    Files files = new Files();
    rig.host.addModule("files", files, 0, 1);
    int calls = ThreadLocalRandom.current().nextInt(3, 100);
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    rig.engine.modules.put("opens.wasm", new FakeEngine.Module(List.of(OPEN), Map.of("_start", guest -> {
      for (int i = 0; i < calls; i++) {
        guest.callHost("files.open");
      }
      called.countDown();
      goOn.await();
    })));
    ContainerId id =
        rig.host.createContainer(rig.sandbox(), HostRig.config("main"), HostRig.command("opens.wasm"));
    assertEquals(Map.of(), told("pod0"));
    rig.host.startContainer(id);
    called.await();
    Map<String, Double> numbers = told("pod0");
    assertEquals(calls, numbers.get("bundlet_guest_host_calls_total"));
    files.expected.forEach((metric, value) -> assertEquals(value, numbers.get(metric), metric));
    assertTrue(numbers.get("bundlet_guest_cpu_seconds_total") > 0, numbers.toString());
    assertFalse(files.closed);
    goOn.countDown();
    assertEquals(0, rig.exit(id).code());
    assertTrue(files.closed);
    assertEquals(Map.of(), told("pod0"));
  }

  /** An engine may take its time to find out, and a guest that is killed must not wait for that. */
  @Test
  void aGuestIsKilledWhileItsMemoryIsMeasured() throws Exception {
    CountDownLatch measuring = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    rig.engine.measure = () -> {
      measuring.countDown();
      try {
        known.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return OptionalLong.of(7);
    };
    ContainerId id = rig.run("spins.wasm", FakeEngine.Running::spin);
    FutureTask<Map<String, Double>> scrape = new FutureTask<>(() -> told("pod0"));
    Thread.ofPlatform().daemon().start(scrape);
    measuring.await();
    FutureTask<Exit> kill = new FutureTask<>(() -> {
      rig.host.stopContainer(id, Stop.now("deleted"));
      return rig.exit(id);
    });
    Thread.ofPlatform().daemon().start(kill);
    try {
      assertEquals(Exit.KILLED, kill.get(60, TimeUnit.SECONDS).code());
    } finally {
      known.countDown();
    }
    scrape.get(60, TimeUnit.SECONDS);
  }
}
