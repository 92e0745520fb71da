package io.bundlet.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bundlet.api.admin.ContainerUsageView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.metrics.MetricsSource;
import io.bundlet.api.runtime.Subscription;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final OptionalLong UNKNOWN = OptionalLong.empty();
  private final List<PodView> pods = new ArrayList<>();
  private final List<PodUsageView> usage = new ArrayList<>();
  private Optional<NodeUsageView> machine = Optional.empty();
  private final AtomicReference<PodListener> listener = new AtomicReference<>();

  /** Of a node's many methods, those that are asked. */
  private final NodeAdmin node =
      (NodeAdmin) Proxy.newProxyInstance(
          NumbersTest.class.getClassLoader(), new Class<?>[] {NodeAdmin.class},
          (self, method, arguments) -> switch (method.getName()) {
            case "pods" -> pods;
            case "usage" -> usage;
            case "nodeUsage" -> machine;
            case "node" -> new NodeView(
                "node-1", "id", "0", Instant.EPOCH, Path.of("/"), "", List.of(), pods.size(), List.of());
            case "watch" -> {
              listener.set((PodListener) arguments[0]);
              yield (Subscription) () -> listener.set(null);
            }
            default -> throw new UnsupportedOperationException(method.getName());
          });

  /** All that is told, each as its name with the values of its labels. */
  private static Map<String, Double> told(MetricsSource source) {
    Map<String, Double> told = new TreeMap<>();
    source.collect(new MetricsSink() {
      @Override
      public void sample(Metric metric, double value, String... labels) {
        assertEquals(metric.labels().size(), labels.length, metric.name());
        told.put(metric.name() + (labels.length == 0 ? "" : Arrays.toString(labels)), value);
      }

      @Override
      public void sampleAt(Metric metric, Instant time, double value, String... labels) {
        sample(metric, value, labels);
      }

      @Override
      public void histogram(Metric metric, HistogramValue value, String... labels) {
        told.put(metric.name() + "_count", (double) value.counts().stream().mapToLong(Long::longValue).sum());
        told.put(metric.name() + "_sum", value.sum());
      }
    });
    return told;
  }

  private static PodView pod(String name, String phase, String... states) {
    List<ContainerView> containers =
        Arrays.stream(states)
            .map(state -> new ContainerView(
                "c-" + state, "", "", state, "", "", true, 0, "", Optional.empty(), Optional.empty(), Optional.empty(),
                ""))
            .toList();
    return new PodView(
        "default", name, "uid-" + name, "api", phase, phase, "", "", "", "", "", "Always",
        Optional.of(Instant.EPOCH), List.of(), containers);
  }

  private static ContainerUsageView container(String name, OptionalLong cpu, OptionalLong memory) {
    return new ContainerUsageView(
        name, Optional.of(Instant.ofEpochSecond(5)), Instant.ofEpochSecond(9), cpu, UNKNOWN, memory, UNKNOWN, UNKNOWN);
  }

  @Test
  void statesAreCountedByTheirOwnWords() {
    pods.add(pod("a", "Running", "Running", "CrashLoopBackOff"));
    pods.add(pod("b", "Running", "CrashLoopBackOff"));
    Map<String, Double> told = told(new NodeNumbers(node));
    assertEquals(1, told.get("kubelet_node_name[node-1]"));
    assertEquals(1, told.get("kubelet_running_pods"));
    assertEquals(1, told.get("kubelet_running_containers[running]"));
    assertEquals(2, told.get("bundlet_pods[Running]"));
    assertEquals(2, told.get("bundlet_containers[CrashLoopBackOff]"));
  }

  @Test
  void startsAreTimedOnceAndThoseOfAdoptedPodsNever() {
    NodeNumbers numbers = new NodeNumbers(node, () -> Instant.ofEpochSecond(3));
    listener.get().changed(pod("adopted", "Running", "Running"));
    listener.get().changed(pod("new", "Pending"));
    listener.get().changed(pod("new", "Running", "Running"));
    listener.get().changed(pod("new", "Running", "Running"));
    listener.get().changed(pod("refused", "Pending"));
    listener.get().changed(pod("refused", "Failed"));
    assertEquals(1, told(numbers).get("kubelet_pod_start_duration_seconds_count"));
    assertEquals(3, told(numbers).get("kubelet_pod_start_duration_seconds_sum"));
    numbers.deactivate();
    assertEquals(null, listener.get());
  }

  @Test
  void whatIsUsedIsToldByContainerPodAndMachine() {
    machine =
        Optional.of(
            new NodeUsageView(
                Instant.EPOCH, OptionalLong.of(2_500_000_000L), UNKNOWN, OptionalLong.of(100), UNKNOWN, UNKNOWN,
                UNKNOWN, UNKNOWN, UNKNOWN));
    usage.add(
        new PodUsageView(
            "default", "web", UNKNOWN, UNKNOWN, UNKNOWN,
            List.of(
                container("a", OptionalLong.of(1_000_000_000L), OptionalLong.of(10)),
                container("b", OptionalLong.of(500_000_000L), UNKNOWN)),
            List.of()));
    Map<String, Double> told = told(new ResourceNumbers(node));
    assertEquals(2.5, told.get("node_cpu_usage_seconds_total"));
    assertEquals(100, told.get("node_memory_working_set_bytes"));
    assertEquals(1, told.get("container_cpu_usage_seconds_total[a, web, default]"));
    assertEquals(10, told.get("container_memory_working_set_bytes[a, web, default]"));
    assertEquals(5, told.get("container_start_time_seconds[b, web, default]"));
    assertEquals(1.5, told.get("pod_cpu_usage_seconds_total[web, default]"));
    assertFalse(told.containsKey("pod_memory_working_set_bytes[web, default]"), "a part of a sum is no sum");
    assertFalse(told.containsKey("container_memory_working_set_bytes[b, web, default]"), "not known is not 0");
    assertEquals(0, told.get("scrape_error"));
  }

  @Test
  void aMachineThatIsNotKnownIsAnError() {
    assertEquals(Map.of("scrape_error", 1.0, "resource_scrape_error", 1.0), told(new ResourceNumbers(node)));
  }
}
