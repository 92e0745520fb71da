package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.ResizePart;
import io.bundlet.api.runtime.Resources;
import io.bundlet.core.cluster.PlainCluster;
import io.bundlet.core.fake.FakeGroups;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.RecordingSink;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.ContainerResizePolicyBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers that get other resources while they run. */
@Timeout(300)
class PodResizeTest {
  private static final Resources SMALL = new Resources(100, 200, 16 << 20, 32 << 20);
  private static final Resources LARGE = new Resources(200, 400, 32 << 20, 64 << 20);

  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final FakeGroups groups = new FakeGroups();
  private final RecordingSink sink = new RecordingSink();
  /** What the runtime was asked for, each with the limit of the pod's group at that time. */
  private final List<String> resized = new CopyOnWriteArrayList<>();
  private volatile Optional<ProviderFailure> failure = Optional.empty();
  private volatile CountDownLatch held = new CountDownLatch(0);
  private TestNode node;
  private int version;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.groups.bind(groups);
    provider.parts.put(ResizePart.class, (ResizePart) (container, resources) -> {
      resized.add(container.value().replaceAll(".*-([ab])-", "$1-") + " " + resources.cpuLimitMillis() + " in "
          + groups.groups.get("u1").resources().cpuLimitMillis());
      try {
        held.await();
      } catch (InterruptedException interrupt) {
        throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "interrupted", interrupt);
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
    });
    node.bind(provider);
    node.status.add(sink);
    PlainCluster.join(node.cluster);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static ResourceRequirements of(String cpuRequest, String cpuLimit, String memoryRequest, String memoryLimit) {
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of("cpu", new Quantity(cpuRequest), "memory", new Quantity(memoryRequest)))
        .withLimits(Map.of("cpu", new Quantity(cpuLimit), "memory", new Quantity(memoryLimit))).build();
  }

  private static final ResourceRequirements OF_SMALL = of("100m", "200m", "16Mi", "32Mi");
  private static final ResourceRequirements OF_LARGE = of("200m", "400m", "32Mi", "64Mi");

  private Pod pod(ResourceRequirements ofA, Consumer<Pod> change) {
    Pod pod = TestNode.pod("web", "u1", "Always", "a", "b");
    pod.getMetadata().setResourceVersion(String.valueOf(++version));
    pod.getSpec().getContainers().get(0).setResources(ofA);
    pod.getSpec().getContainers().get(1).setResources(OF_SMALL);
    change.accept(pod);
    return pod;
  }

  private void want(ResourceRequirements ofA) {
    node.dispatcher.wanted("api", true, List.of(pod(ofA, pod -> {})));
  }

  private void run() {
    want(OF_SMALL);
    awaitRunning("a", 0);
    awaitRunning("b", 0);
    node.await(() -> sink.phase("web").equals("Running"));
  }

  private void awaitRunning(String container, int restarts) {
    node.awaitContainer("web", container, one -> one.state().equals("Running") && one.restartCount() == restarts);
  }

  private ContainerStatus told(String name) {
    return sink.last("web").stream().flatMap(report -> report.status().getContainerStatuses().stream())
        .filter(one -> one.getName().equals(name)).findFirst().orElseThrow();
  }

  private String condition(String type) {
    return sink.last("web").stream().flatMap(report -> report.status().getConditions().stream())
        .filter(one -> one.getType().equals(type)).map(one -> one.getStatus() + " " + one.getReason())
        .findFirst().orElse("");
  }

  private long limitOfGroup() {
    return groups.groups.get("u1").resources().cpuLimitMillis();
  }

  @Test
  void moreAndLessWithoutARestartTheGroupFirstAndLast() {
    run();
    assertEquals(400, limitOfGroup());
    assertEquals(SMALL, provider.containerConfigs.get(provider.only("a").value()).resources());
    held = new CountDownLatch(1);
    want(OF_LARGE);
    node.await(() -> resized.equals(List.of("a-0 400 in 600")));
    // Promised, and not yet there.
    node.await(() -> condition("PodResizeInProgress").equals("True null"));
    assertEquals(new Quantity("200m"), told("a").getAllocatedResources().get("cpu"));
    assertEquals(new Quantity("200m"), told("a").getResources().getLimits().get("cpu"));
    assertEquals(new Quantity("33554432"), told("a").getResources().getLimits().get("memory"));
    held.countDown();
    node.await(() -> told("a").getResources().getLimits().get("cpu").equals(new Quantity("400m")));
    node.await(() -> condition("PodResizeInProgress").isEmpty());
    assertEquals(600, limitOfGroup());
    resized.clear();
    want(OF_SMALL);
    node.await(() -> resized.equals(List.of("a-0 200 in 600")));
    node.await(() -> limitOfGroup() == 400);
    assertEquals(1, provider.count("start:a"));
    assertEquals(0, told("a").getRestartCount());
    assertEquals(List.of("ResizeStarted", "ResizeStarted"), node.dispatcher.events("u1").stream()
        .filter(event -> event.reason().equals("ResizeStarted"))
        .flatMap(event -> java.util.stream.Stream.generate(event::reason).limit(event.count())).toList());
  }

  @Test
  void whatTheNextInstanceGetsIsTheNew() {
    run();
    want(OF_LARGE);
    node.await(() -> resized.size() == 1);
    provider.exit(provider.only("a"), 1);
    node.awaitContainer("web", "a", one -> one.lastExit().isPresent());
    time.advance(Duration.ofSeconds(20));
    awaitRunning("a", 1);
    assertEquals(LARGE, provider.containerConfigs.get(provider.only("a").value()).resources());
    assertEquals(1, resized.size());
  }

  @Test
  void whatFailsIsTriedAgain() {
    run();
    failure = Optional.of(ProviderFailure.of(ProviderFailure.INTERNAL, "device or resource busy"));
    want(OF_LARGE);
    node.await(() -> resized.size() == 1);
    node.await(() -> node.dispatcher.events("u1").stream().anyMatch(event -> event.reason().equals("ResizeError")
        && event.message().contains("device or resource busy")));
    failure = Optional.empty();
    time.advance(Duration.ofSeconds(1));
    node.await(() -> resized.size() == 2);
    node.await(() -> told("a").getResources().getLimits().get("cpu").equals(new Quantity("400m")));
  }

  @Test
  void aNewCoreGoesOnWithWhatWasBegun() throws Exception {
    run();
    held = new CountDownLatch(1);
    want(OF_LARGE);
    node.await(() -> resized.size() == 1);
    node.close();
    held.countDown();
    start();
    want(OF_LARGE);
    node.await(() -> resized.size() == 2);
    assertEquals("a-0 400 in 600", resized.get(1));
    node.await(() -> told("a").getResources().getLimits().get("cpu").equals(new Quantity("400m")));
    node.close();
    start();
    want(OF_LARGE);
    awaitRunning("a", 0);
    assertEquals(2, resized.size(), "it has them already");
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void whatCanNeverBeIsToldAndLeft() {
    run();
    // It would become Guaranteed only together with b; taking a limit away is what cannot be.
    want(new ResourceRequirementsBuilder().withRequests(OF_SMALL.getRequests()).build());
    node.await(() -> condition("PodResizePending").equals("True Infeasible"));
    node.await(() -> node.dispatcher.events("u1").stream().anyMatch(event -> event.reason().equals("ResizeInfeasible")
        && event.message().contains("spec.containers[0].resources.limits")));
    want(OF_SMALL);
    node.await(() -> condition("PodResizePending").isEmpty());
    assertEquals(List.of(), resized);
  }

  @Test
  void whatTheNodeHasNotIsWaitedFor() {
    run();
    Pod other = TestNode.pod("other", "u2", "Always", "x");
    other.getSpec().getContainers().getFirst().setResources(
        new ResourceRequirementsBuilder().withRequests(Map.of("cpu", new Quantity("1700m"))).build());
    node.dispatcher.wanted("test", false, List.of(other));
    node.await("other", pod -> pod.phase().equals("Running"));
    want(of("300m", "400m", "16Mi", "32Mi"));
    node.await(() -> condition("PodResizePending").equals("True Deferred"));
    assertEquals(List.of(), resized);
    node.dispatcher.wanted("test", false, List.of());
    node.await(() -> node.view("other").isEmpty());
    time.advance(Duration.ofSeconds(31));
    node.await(() -> resized.size() == 1);
    node.await(() -> condition("PodResizePending").isEmpty());
  }

  @Test
  void aPolicyMayAskForAnotherContainer() {
    Consumer<Pod> policy = pod -> pod.getSpec().getContainers().getFirst().setResizePolicy(
        List.of(new ContainerResizePolicyBuilder().withResourceName("memory").withRestartPolicy("RestartContainer")
            .build()));
    node.dispatcher.wanted("api", true, List.of(pod(OF_SMALL, policy)));
    awaitRunning("a", 0);
    node.dispatcher.wanted("api", true, List.of(pod(of("200m", "400m", "16Mi", "32Mi"), policy)));
    node.await(() -> resized.size() == 1);
    node.dispatcher.wanted("api", true, List.of(pod(OF_LARGE, policy)));
    awaitRunning("a", 1);
    assertEquals(LARGE, provider.containerConfigs.get(provider.only("a").value()).resources());
    assertEquals(1, resized.size());
  }

  @Test
  void aRuntimeThatCannotKeepsWhatItHasOrMakesTheContainerOfAStaticPodAgain() {
    provider.parts.remove(ResizePart.class);
    run();
    want(OF_LARGE);
    node.await(() -> condition("PodResizePending").equals("True Infeasible"));
    assertEquals(1, provider.count("start:a"));
    Pod small = TestNode.pod("file", "u3", "Always", "f");
    small.getSpec().getContainers().getFirst().setResources(OF_SMALL);
    node.dispatcher.wanted("files", false, List.of(small));
    node.awaitContainer("file", "f", one -> one.state().equals("Running"));
    Pod large = TestNode.pod("file", "u3", "Always", "f");
    large.getSpec().getContainers().getFirst().setResources(OF_LARGE);
    node.dispatcher.wanted("files", false, List.of(large));
    node.awaitContainer("file", "f", one -> one.state().equals("Running") && one.restartCount() == 1);
    assertEquals(LARGE, provider.containerConfigs.get(provider.only("f").value()).resources());
  }

  @Test
  void nothingIsToldOfResourcesThatNobodyAskedFor() {
    node.dispatcher.wanted("api", true, List.of(TestNode.pod("web", "u1", "Always", "a")));
    awaitRunning("a", 0);
    node.await(() -> sink.phase("web").equals("Running"));
    node.await(() -> told("a").getState().getRunning() != null);
    assertNull(told("a").getResources());
    assertTrue(told("a").getAllocatedResources() == null || told("a").getAllocatedResources().isEmpty());
  }
}
