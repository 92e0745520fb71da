package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.NodeCapacity;
import io.bundlet.core.machine.NodeLimits;
import io.bundlet.core.machine.Pressure;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods for which the node has room, and those for which it has none. */
class PodFitTest {
  private static final String PORTS_TAKEN =
      "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";

  @TempDir private Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static Pod pod(String name, String cpu) {
    Pod pod = TestNode.pod(name, "u-" + name, "Always", "a");
    pod.getSpec().getContainers().getFirst().setResources(
        new ResourceRequirementsBuilder().addToRequests("cpu", new Quantity(cpu)).build());
    return pod;
  }

  private static Pod staticPod(String name, String cpu) {
    Pod pod = pod(name, cpu);
    pod.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
    return pod;
  }

  private static Pod withPort(String name, int containerPort, Integer hostPort) {
    Pod pod = pod(name, "1m");
    pod.getSpec().getContainers().getFirst().setPorts(
        List.of(new ContainerPortBuilder().withContainerPort(containerPort).withHostPort(hostPort).build()));
    return pod;
  }

  private static boolean running(PodView pod) {
    return pod.phase().equals("Running");
  }

  private static boolean rejected(PodView pod) {
    return pod.state().equals("Rejected") && pod.phase().equals("Failed");
  }

  private void grow(long cpuMillis) {
    node.capacity = NodeCapacity.of(new Machine(cpuMillis, 4L << 30, 0, 1L << 40), NodeLimits.STANDARD);
  }

  @Test
  void aPodForWhichThereIsNoRoomFails() {
    node.want(pod("first", "1500m"));
    node.await("first", PodFitTest::running);
    node.want(pod("first", "1500m"), pod("second", "600m"));
    PodView second = node.await("second", PodFitTest::rejected);
    assertEquals("OutOfcpu", second.reason());
    assertEquals(
        "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000",
        second.message());
    assertEquals(0, provider.count("run:second"));
  }

  @Test
  void aPodForAnotherNodeFailsAndIsPromisedNothing() {
    Pod other = pod("other", "500m");
    other.getSpec().setNodeSelector(Map.of("kubernetes.io/os", "plan9"));
    Pod ours = pod("ours", "2");
    ours.getSpec().setNodeSelector(Map.of("kubernetes.io/os", "linux"));
    node.want(other);
    assertEquals("NodeAffinity", node.await("other", PodFitTest::rejected).reason());
    node.want(other, ours);
    node.await("ours", PodFitTest::running);
  }

  @Test
  void podsThatComeAtTheSameTimeGetWhatThereIsOnce() {
    Pod[] many = IntStream.range(0, 60).mapToObj(i -> pod("p" + i, "100m")).toArray(Pod[]::new);
    node.want(many);
    node.await(() -> node.status.pods().size() == 60
        && node.status.pods().stream().allMatch(pod -> running(pod) || rejected(pod)));
    assertEquals(20, node.status.pods().stream().filter(PodFitTest::running).count());
    assertEquals(2000L, node.fit.requested().get("cpu"));
  }

  @Test
  void whatAPodHadIsFreeWhenItHasEnded() {
    Pod once = pod("once", "2");
    once.getSpec().setRestartPolicy("Never");
    node.want(once);
    node.await("once", PodFitTest::running);
    provider.exit(provider.only("a"), Exit.of(0, "", time.now()));
    node.await("once", pod -> pod.phase().equals("Succeeded"));
    node.await(() -> node.fit.requested().get("pods") == 0);
    node.want(once, pod("next", "2"));
    node.await("next", PodFitTest::running);
    node.want();
    node.await(() -> node.view("next").isEmpty());
    node.await(() -> node.fit.requested().equals(Map.of("pods", 0L)));
  }

  @Test
  void podsThatRunCountFirstAfterARestart() throws Exception {
    node.want(pod("old", "1500m"));
    node.await("old", PodFitTest::running);
    node.close();
    start();
    assertEquals(1500L, node.fit.requested().get("cpu"), "before any source has spoken");
    node.want(pod("new", "600m"), pod("old", "1500m"));
    assertEquals("OutOfcpu", node.await("new", PodFitTest::rejected).reason());
    node.await("old", PodFitTest::running);
  }

  @Test
  void aStaticPodIsLookedAtOnceMoreByTheNextNode() throws Exception {
    node.want(staticPod("web", "3"));
    PodView web = node.await("web", PodFitTest::rejected);
    assertEquals("UnexpectedAdmissionError", web.reason());
    assertEquals(
        "Pod was rejected: Unexpected error while attempting to recover from admission failure: preemption: error"
            + " finding a set of pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q:"
            + " 1000), ]",
        web.message());
    // Told after that it is rejected is.
    node.await(
        () -> node.dispatcher.events("u-web").stream().map(EventView::reason).toList()
            .equals(List.of("OutOfcpu", "UnexpectedAdmissionError")));
    endIsRemembered();
    node.close();
    start();
    node.want(staticPod("web", "3"));
    node.await("web", PodFitTest::rejected);
    grow(4000);
    node.dispatcher.changed();
    assertEquals("Rejected", node.view("web").orElseThrow().state(), "nothing but a restart has it looked at again");
    node.close();
    node = new TestNode(data, time);
    grow(4000);
    node.bind(provider);
    node.want(staticPod("web", "3"));
    node.await("web", PodFitTest::running);
  }

  private void endIsRemembered() {
    node.await(() -> node.store.records().stream().anyMatch(record -> record.end().isPresent()));
  }

  @Test
  void anotherPodStaysRejected() throws Exception {
    node.want(pod("web", "3"));
    node.await("web", PodFitTest::rejected);
    endIsRemembered();
    node.close();
    node = new TestNode(data, time);
    grow(4000);
    node.bind(provider);
    node.want(pod("web", "3"));
    assertEquals("OutOfcpu", node.await("web", pod -> pod.phase().equals("Failed")).reason());
  }

  @Test
  void aPortOfTheNodeIsGivenOnce() {
    Pod onHost = withPort("on-host", 8080, null);
    onHost.getSpec().setHostNetwork(true);
    node.want(onHost);
    node.await("on-host", PodFitTest::running);
    node.want(onHost, withPort("web", 80, 8080), withPort("inside", 8080, null));
    assertEquals(PORTS_TAKEN, node.await("web", PodFitTest::rejected).message());
    node.await("inside", PodFitTest::running);
  }

  @Test
  void podsWithoutAddressesOfTheirOwnTakeTheNodesPorts() {
    provider.features = List.of(RuntimeStatus.HOST_ADDRESSES);
    provider.becomeReady(true);
    node.want(withPort("first", 7007, null));
    node.await("first", PodFitTest::running);
    node.want(withPort("first", 7007, null), withPort("second", 7007, null));
    PodView second = node.await("second", PodFitTest::rejected);
    assertEquals("NodePorts", second.reason());
    assertEquals(PORTS_TAKEN, second.message());
  }

  @Test
  void anEvictedPodFailsAndGivesItsShareBack() {
    node.want(pod("web", "2"));
    node.await("web", PodFitTest::running);
    node.dispatcher.endPod("u-web", EndRequest.disrupted("Evicted", "low", time.now(), Duration.ofSeconds(1)));
    PodView web = node.await("web", pod -> pod.phase().equals("Failed"));
    assertEquals(List.of("Evicted", "low"), List.of(web.reason(), web.message()));
    assertEquals(
        List.of("TerminationByKubelet"),
        web.conditions().stream().filter(one -> one.type().equals("DisruptionTarget")).map(ConditionView::reason)
            .toList());
    node.await(() -> node.fit.requested().get("pods") == 0);
    node.await(() -> node.dispatcher.active().isEmpty());
  }

  @Test
  void aNodeThatIsShortOfDiskTakesNoPods() {
    node.pressures = Set.of(Pressure.DISK);
    node.want(pod("web", "1"), staticPod("static", "1"));
    PodView web = node.await("web", PodFitTest::rejected);
    assertEquals(
        List.of("Evicted", "Pod was rejected: The node had condition: [DiskPressure]. "),
        List.of(web.reason(), web.message()));
    node.await("static", PodFitTest::running);
  }
}
