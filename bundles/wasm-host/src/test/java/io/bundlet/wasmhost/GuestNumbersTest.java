package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.runtime.ContainerId;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
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
    volatile boolean closed;

    @Override
    public Map<String, FunctionType> functions() {
      return Map.of("open", NOTHING_TO_INT);
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) {
      guest.attributes().putIfAbsent("own", (AutoCloseable) () -> closed = true);
      Object count = guest.attributes().computeIfAbsent(GuestCounters.OPEN_FILES, any -> new AtomicLong());
      results[0] = ((AtomicLong) count).incrementAndGet();
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
    assertEquals(calls, numbers.get("bundlet_guest_open_files"));
    assertTrue(numbers.get("bundlet_guest_cpu_seconds_total") > 0, numbers.toString());
    assertFalse(numbers.containsKey("bundlet_guest_output_bytes_total"), "nobody counts it");
    assertFalse(files.closed);
    goOn.countDown();
    assertEquals(0, rig.exit(id).code());
    assertTrue(files.closed);
    assertEquals(Map.of(), told("pod0"));
  }
}
