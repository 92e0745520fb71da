package io.bundlet.wasmhost.instances;

import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestCounters;
import io.bundlet.wasmhost.guests.GuestUsage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The guests that run in numbers. */
final class GuestNumbers {
  private static final Metric CPU =
      counter("bundlet_guest_cpu_seconds_total", "Processor time of a wasm guest's thread.");
  private static final Metric MEMORY = gauge("bundlet_guest_memory_bytes", "Memory of a wasm guest's instance.");
  private static final Metric HOST_CALLS = counter(
      "bundlet_guest_host_calls_total",
      "Calls of a wasm guest that host modules of the node have served, those of an engine's own WASI not counted.");
  private static final Metric OUTPUT = counter(
      "bundlet_guest_output_bytes_total", "What of a wasm guest's standard output and error was taken for its log.");
  private static final Metric PAUSES = counter(
      "bundlet_guest_output_pauses_total", "Times that a wasm guest had to wait because it wrote too much to its log.");
  private static final Map<String, Metric> COUNTED = counted();

  private GuestNumbers() {}

  private static Map<String, Metric> counted() {
    Map<String, Metric> all = new LinkedHashMap<>();
    all.put(GuestCounters.OPEN_FILES, gauge(
        "bundlet_guest_open_files", "Descriptors that a wasm guest has open, with those that it was started with."));
    all.put(GuestCounters.FILES_READ, counter(
        "bundlet_guest_file_read_bytes_total", "What a wasm guest has read from files."));
    all.put(GuestCounters.FILES_WRITTEN, counter(
        "bundlet_guest_file_written_bytes_total", "What a wasm guest has written to files."));
    return all;
  }

  private static Metric counter(String name, String help) {
    return Metric.counter(name, help, "namespace", "pod", "container", "engine");
  }

  private static Metric gauge(String name, String help) {
    return Metric.gauge(name, help, "namespace", "pod", "container", "engine");
  }

  /** Tells of all of these that run; what is not known of one is left out. */
  static void tell(Collection<Container> containers, MetricsSink sink) {
    for (Container each : containers) {
      each.usage().ifPresent(usage -> tell(each, usage, sink));
    }
  }

  private static void tell(Container container, GuestUsage usage, MetricsSink sink) {
    PodId pod = container.sandbox().config().pod();
    String[] labels = {pod.namespace(), pod.name(), container.config().name(), container.spec().engine()};
    usage.cpuNanos().ifPresent(nanos -> sink.sample(CPU, nanos / 1e9, labels));
    usage.memoryBytes().ifPresent(bytes -> sink.sample(MEMORY, bytes, labels));
    sink.sample(OUTPUT, usage.outputBytes(), labels);
    sink.sample(PAUSES, usage.outputPauses(), labels);
    sink.sample(HOST_CALLS, usage.hostCalls(), labels);
    COUNTED.forEach((name, metric) -> {
      Long value = usage.counters().get(name);
      if (value != null) {
        sink.sample(metric, value, labels);
      }
    });
  }
}
