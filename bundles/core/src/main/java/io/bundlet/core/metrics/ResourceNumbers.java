package io.bundlet.core.metrics;

import io.bundlet.api.admin.ContainerUsageView;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.metrics.MetricsSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What containers, pods and the machine use, as metrics-server reads it. */
@Component(service = MetricsSource.class, property = MetricsSource.GROUP + "=" + MetricsSource.RESOURCE)
public final class ResourceNumbers implements MetricsSource {
  private static final double NANOS = 1e9;
  private static final String[] CONTAINER = {"container", "pod", "namespace"};
  private static final String[] POD = {"pod", "namespace"};
  private static final Metric NODE_CPU =
      Metric.counter("node_cpu_usage_seconds_total", "Processor time of all that ran on the machine.");
  private static final Metric NODE_MEMORY =
      Metric.gauge("node_memory_working_set_bytes", "Memory that cannot be had without ending something.");
  private static final Metric CONTAINER_CPU =
      Metric.counter("container_cpu_usage_seconds_total", "Processor time of the container.", CONTAINER);
  private static final Metric CONTAINER_MEMORY =
      Metric.gauge("container_memory_working_set_bytes", "The container's working set.", CONTAINER);
  private static final Metric CONTAINER_START =
      Metric.gauge("container_start_time_seconds", "When the container was started, since 1970.", CONTAINER);
  private static final Metric POD_CPU =
      Metric.counter("pod_cpu_usage_seconds_total", "Processor time of the pod's containers.", POD);
  private static final Metric POD_MEMORY =
      Metric.gauge("pod_memory_working_set_bytes", "The working sets of the pod's containers.", POD);
  private static final Metric ERROR =
      Metric.gauge("scrape_error", "1 if there was an error while these numbers were gathered, else 0.");
  private static final Metric RESOURCE_ERROR = Metric.gauge("resource_scrape_error", "The same by its newer name.");

  private final NodeAdmin node;

  @Activate
  public ResourceNumbers(@Reference NodeAdmin node) {
    this.node = node;
  }

  @Override
  public void collect(MetricsSink sink) {
    Optional<NodeUsageView> machine = node.nodeUsage();
    machine.ifPresent(usage -> {
      seconds(sink, NODE_CPU, usage.at(), usage.cpuNanos());
      amount(sink, NODE_MEMORY, usage.at(), usage.memoryBytes());
    });
    for (PodUsageView pod : node.usage()) {
      for (ContainerUsageView container : pod.containers()) {
        String[] labels = {container.name(), pod.name(), pod.namespace()};
        seconds(sink, CONTAINER_CPU, container.at(), container.cpuNanos(), labels);
        amount(sink, CONTAINER_MEMORY, container.at(), container.memoryBytes(), labels);
        container.startedAt().ifPresent(start -> sink.sample(CONTAINER_START, start.toEpochMilli() / 1e3, labels));
      }
      pod.containers().stream().map(ContainerUsageView::at).max(Comparator.naturalOrder())
          .ifPresent(at -> pod(sink, pod, at));
    }
    double failed = machine.isPresent() ? 0 : 1;
    sink.sample(ERROR, failed);
    sink.sample(RESOURCE_ERROR, failed);
  }

  private static void pod(MetricsSink sink, PodUsageView pod, Instant at) {
    seconds(sink, POD_CPU, at, sum(pod, ContainerUsageView::cpuNanos), pod.name(), pod.namespace());
    amount(sink, POD_MEMORY, at, sum(pod, ContainerUsageView::memoryBytes), pod.name(), pod.namespace());
  }

  /** Of all containers, if all are known: a part of a sum is no sum. */
  private static OptionalLong sum(PodUsageView pod, Function<ContainerUsageView, OptionalLong> what) {
    return pod.containers().stream().map(what).allMatch(OptionalLong::isPresent)
        ? OptionalLong.of(pod.containers().stream().map(what).mapToLong(OptionalLong::getAsLong).sum())
        : OptionalLong.empty();
  }

  private static void seconds(MetricsSink sink, Metric metric, Instant at, OptionalLong nanos, String... labels) {
    nanos.ifPresent(known -> sink.sampleAt(metric, at, known / NANOS, labels));
  }

  private static void amount(MetricsSink sink, Metric metric, Instant at, OptionalLong bytes, String... labels) {
    bytes.ifPresent(known -> sink.sampleAt(metric, at, known, labels));
  }
}
