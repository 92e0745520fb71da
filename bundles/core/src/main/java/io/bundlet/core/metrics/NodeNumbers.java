package io.bundlet.core.metrics;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.ResourceView;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.metrics.MetricsSource;
import io.bundlet.api.runtime.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The node and its pods in numbers. */
@Component(service = MetricsSource.class)
public final class NodeNumbers implements MetricsSource, PodListener {
  private static final Metric NAME =
      Metric.gauge("kubelet_node_name", "The node's name. The value is always 1.", "node");
  private static final Metric RUNNING_PODS =
      Metric.gauge("kubelet_running_pods", "Pods of which a container runs.");
  private static final Metric RUNNING_CONTAINERS =
      Metric.gauge("kubelet_running_containers", "Containers that run.", "container_state");
  private static final Metric START =
      Metric.histogram(
          "kubelet_pod_start_duration_seconds", "From when the node took a pod on to when it was running.");
  private static final Metric PODS =
      Metric.gauge("bundlet_pods", "Pods by the state of their machine.", "state");
  private static final Metric CONTAINERS =
      Metric.gauge("bundlet_containers", "Containers by the state of their machine.", "state");
  private static final Metric CAPACITY =
      Metric.gauge("bundlet_node_capacity", "All of it: thousandths of a processor, bytes, pods.", "resource");
  private static final Metric ALLOCATABLE =
      Metric.gauge("bundlet_node_allocatable", "What pods may have of it.", "resource");
  private static final Metric REQUESTED =
      Metric.gauge("bundlet_node_requested", "What the pods ask for.", "resource");
  private static final Metric PROBLEMS =
      Metric.gauge("bundlet_node_problems", "Settings and sources of pods that something is wrong with.");
  private static final String RUNNING = "Running";

  private final NodeAdmin node;
  private final InstantSource clock;
  private final Durations starts = new Durations();
  private final StartingPods starting = new StartingPods();
  private final Subscription subscription;

  @Activate
  public NodeNumbers(@Reference NodeAdmin node) {
    this(node, Clock.systemUTC());
  }

  NodeNumbers(NodeAdmin node, InstantSource clock) {
    this.node = node;
    this.clock = clock;
    subscription = node.watch(this);
  }

  @Deactivate
  public void deactivate() {
    subscription.close();
  }

  @Override
  public void changed(PodView pod) {
    if (pod.phase().equals("Pending")) {
      starting.add(pod.uid());
    } else if (starting.remove(pod.uid()) && pod.phase().equals(RUNNING)) {
      pod.startedAt().ifPresent(since -> starts.add(Duration.between(since, clock.instant())));
    }
  }

  @Override
  public void removed(PodView last) {
    starting.remove(last.uid());
  }

  @Override
  public void collect(MetricsSink sink) {
    NodeView view = node.node();
    sink.sample(NAME, 1, view.name());
    List<PodView> pods = node.pods();
    List<ContainerView> containers = pods.stream().flatMap(NodeNumbers::containers).toList();
    sink.sample(RUNNING_PODS, pods.stream().filter(pod -> containers(pod).anyMatch(NodeNumbers::runs)).count());
    sink.sample(RUNNING_CONTAINERS, containers.stream().filter(NodeNumbers::runs).count(), "running");
    count(pods, PodView::state).forEach((state, count) -> sink.sample(PODS, count, state));
    count(containers, ContainerView::state).forEach((state, count) -> sink.sample(CONTAINERS, count, state));
    sink.histogram(START, starts.value());
    for (ResourceView resource : view.resources()) {
      sink.sample(CAPACITY, resource.capacity(), resource.name());
      sink.sample(ALLOCATABLE, resource.allocatable(), resource.name());
      sink.sample(REQUESTED, resource.requested(), resource.name());
    }
    sink.sample(PROBLEMS, view.problems().size());
  }

  private static Stream<ContainerView> containers(PodView pod) {
    return Stream.of(pod.containers(), pod.initContainers(), pod.ephemeralContainers()).flatMap(List::stream);
  }

  private static boolean runs(ContainerView container) {
    return container.state().equals(RUNNING);
  }

  private static <T> Map<String, Long> count(List<T> all, Function<T, String> by) {
    return all.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
  }
}
