package io.bundlet.core.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.RecordingSink;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.kubernetes.PodReport;
import io.bundlet.kubernetes.PodStatusSink;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a pod outside, through the whole core. */
class KubernetesStatusTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final RecordingSink sink = new RecordingSink();
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
    node.status.add(sink);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private PodStatus running(Pod pod) {
    node.want(pod);
    String name = pod.getMetadata().getName();
    node.await(
        () -> sink.phase(name).equals("Running")
            && sink.last(name).orElseThrow().status().getContainerStatuses().stream()
                .allMatch(one -> one.getState().getRunning() != null));
    return sink.last(name).orElseThrow().status();
  }

  private static Optional<PodCondition> condition(PodStatus status, String type) {
    return status.getConditions().stream().filter(one -> one.getType().equals(type)).findFirst();
  }

  @Test
  void aRunningPodHasAllFields() {
    Pod pod = TestNode.pod("web", "u1", "Always", "z", "a");
    pod.getMetadata().setGeneration(3L);
    PodStatus status = running(pod);
    assertEquals("192.0.2.1", status.getHostIP());
    assertEquals("192.0.2.1", status.getHostIPs().getFirst().getIp());
    assertEquals("10.0.0.1", status.getPodIP());
    assertEquals(List.of(new PodIP("10.0.0.1")), status.getPodIPs());
    assertEquals("BestEffort", status.getQosClass());
    assertEquals(3L, status.getObservedGeneration());
    assertTrue(status.getStartTime().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"), status.getStartTime());
    assertNull(status.getReason());
    assertEquals(
        List.of("PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"),
        status.getConditions().stream().map(PodCondition::getType).toList());
    assertEquals("True", condition(status, "Ready").orElseThrow().getStatus());
    assertEquals(3L, condition(status, "Ready").orElseThrow().getObservedGeneration());
    // By name, not as in the manifest.
    assertEquals(List.of("a", "z"), status.getContainerStatuses().stream().map(ContainerStatus::getName).toList());
    ContainerStatus container = status.getContainerStatuses().getFirst();
    assertEquals("img", container.getImage());
    assertEquals("img", container.getImageID().replace("id-", ""));
    assertEquals("scripted://" + provider.only("a").value(), container.getContainerID());
    assertTrue(container.getReady());
    assertTrue(container.getStarted());
    assertEquals(0, container.getRestartCount());
    assertTrue(sink.last("web").orElseThrow().running());
    assertEquals("test", sink.last("web").orElseThrow().source());
  }

  @Test
  void howeverLongAStartTakesItIsToldInThreeSteps() {
    // each step ends when all that there was to tell is told
    for (String step : List.of("run", "pull", "create", "start")) {
      provider.failures.put(step, () -> {
        Set<PodStatus> before = Set.copyOf(distinct());
        int quiet = 0;
        while (quiet < 30) {
          LockSupport.parkNanos(5_000_000);
          quiet = before.equals(Set.copyOf(distinct())) ? quiet + 1 : 0;
          before = Set.copyOf(distinct());
        }
        return null;
      });
    }
    provider.images.clear();
    running(TestNode.pod("web", "u1", "Always", "a"));
    List<PodStatus> told = distinct();
    assertTrue(told.size() <= 3, () -> told.size() + " steps: " + told);
    assertTrue(told.stream().map(one -> one.getContainerStatuses().getFirst())
        .filter(one -> one.getState().getRunning() == null)
        .allMatch(one -> one.getContainerID() == null && one.getImageID().isEmpty()));
  }

  private List<PodStatus> distinct() {
    return sink.reports.stream().map(PodReport::status).distinct().toList();
  }

  @Test
  void theRunBeforeIsToldWithItsIdAndItsTimes() {
    running(TestNode.pod("web", "u1", "Always", "a"));
    String first = provider.only("a").value();
    time.advance(Duration.ofMillis(1500));
    Instant end = time.now();
    provider.exit(provider.only("a"), new Exit(3, "Error", "it broke", end));
    node.await(
        () -> sink.last("web").orElseThrow().status().getContainerStatuses().getFirst().getRestartCount() == 1
            && sink.last("web").orElseThrow().status().getContainerStatuses().getFirst().getState()
                .getRunning() != null);
    ContainerStatus again = sink.last("web").orElseThrow().status().getContainerStatuses().getFirst();
    assertEquals("scripted://" + first, again.getLastState().getTerminated().getContainerID());
    assertEquals(3, again.getLastState().getTerminated().getExitCode());
    assertEquals("Error", again.getLastState().getTerminated().getReason());
    assertEquals("it broke", again.getLastState().getTerminated().getMessage());
    assertEquals(KubernetesTime.text(end), again.getLastState().getTerminated().getFinishedAt());
    assertEquals(KubernetesTime.text(end.minusMillis(1500)), again.getLastState().getTerminated().getStartedAt());
    assertNull(again.getState().getTerminated());
    assertNull(again.getState().getWaiting());
  }

  @Test
  void aClockThatIsSetBackMakesNoEndEarlierThanItsBegin() {
    running(TestNode.pod("job", "u1", "Never", "a"));
    Instant begun = time.now();
    time.setWallClock(Duration.ofHours(-1));
    provider.exit(provider.only("a"), Exit.of(0, "", time.now()));
    node.await(() -> sink.phase("job").equals("Succeeded"));
    ContainerStatus container = sink.last("job").orElseThrow().status().getContainerStatuses().getFirst();
    assertEquals(KubernetesTime.text(begun), container.getState().getTerminated().getFinishedAt());
  }

  @Test
  void aPodThatHasEndedSaysHowAndThatNothingRuns() {
    running(TestNode.pod("job", "u1", "Never", "a"));
    provider.exit(provider.only("a"), Exit.of(0, "", time.now()));
    node.await(() -> sink.phase("job").equals("Succeeded") && !sink.last("job").orElseThrow().running());
    PodReport last = sink.last("job").orElseThrow();
    assertEquals("PodCompleted", condition(last.status(), "Ready").orElseThrow().getReason());
    ContainerStatus container = last.status().getContainerStatuses().getFirst();
    assertEquals(0, container.getState().getTerminated().getExitCode());
    assertEquals("Completed", container.getState().getTerminated().getReason());
    assertFalse(container.getReady());
    assertEquals("10.0.0.1", last.status().getPodIP());
  }

  @Test
  void aContainerThatWaitsSaysWhy() {
    provider.images.clear();
    provider.failures.put("pull", () -> ProviderFailure.of(
        ProviderFailure.NOT_FOUND, "no such image"));
    node.want(TestNode.pod("web", "u1", "Always", "a"));
    node.await(() -> sink.last("web").filter(report -> report.status().getContainerStatuses().stream()
        .anyMatch(one -> "ErrImagePull".equals(one.getState().getWaiting().getReason()))).isPresent());
    PodStatus status = sink.last("web").orElseThrow().status();
    assertEquals("Pending", status.getPhase());
    assertEquals("no such image", status.getContainerStatuses().getFirst().getState().getWaiting().getMessage());
    assertNull(status.getContainerStatuses().getFirst().getContainerID());
  }

  @Test
  void mountsAreTold() {
    Pod pod = TestNode.pod("web", "u1", "Always", "a");
    pod.getSpec().getContainers().getFirst().setVolumeMounts(
        List.of(new VolumeMountBuilder().withName("v").withMountPath("/v").withReadOnly(true).build()));
    node.want(pod);
    node.await(() -> sink.last("web").isPresent());
    var mount =
        sink.last("web").orElseThrow().status().getContainerStatuses().getFirst().getVolumeMounts().getFirst();
    assertEquals("/v", mount.getMountPath());
    assertTrue(mount.getReadOnly());
    assertEquals("Disabled", mount.getRecursiveReadOnly());
  }

  @Test
  void whyAPodHasNotBegunIsToldAndWhatHoldsUpALaterOneIsNot() {
    provider.ready = false;
    node.providers.unbind(provider);
    node.want(TestNode.pod("web", "u1", "Always", "a"));
    node.await(() -> sink.last("web").filter(report -> report.status().getReason() != null).isPresent());
    assertEquals("RuntimeProviderMissing", sink.last("web").orElseThrow().status().getReason());
    provider.ready = true;
    node.bind(provider);
    node.await(() -> sink.phase("web").equals("Running"));
    node.providers.unbind(provider);
    node.dispatcher.hold("u1", Duration.ofSeconds(5), false);
    node.await("web", view -> view.reason().equals("RuntimeProviderMissing"));
    assertNull(sink.last("web").orElseThrow().status().getReason());
    node.bind(provider);
  }

  @Test
  void whoComesLateIsToldAllAndWhoLeavesNothing() {
    running(TestNode.pod("web", "u1", "Always", "a"));
    RecordingSink late = new RecordingSink();
    node.status.add(late);
    node.await(() -> late.phase("web").equals("Running"));
    node.status.remove(late);
    int before = late.told.size();
    provider.exit(provider.only("a"), 1);
    node.await(() -> sink.last("web").orElseThrow().status().getContainerStatuses().getFirst().getRestartCount() == 1);
    assertEquals(before, late.told.size());
  }

  @Test
  void aSinkThatFailsHarmsNobody() {
    node.status.add(
        new PodStatusSink() {
          @Override
          public void status(PodReport report) {
            throw new IllegalStateException("no");
          }

          @Override
          public void gone(String source, Pod pod) {}
        });
    running(TestNode.pod("web", "u1", "Always", "a"));
  }

  @Test
  void addressesAreOneOfEachFamilyTheNodesFirst() {
    List<String> both = List.of("10.0.0.1", "fd00::1", "10.0.0.2");
    assertEquals(List.of("10.0.0.1", "fd00::1"), KubernetesStatus.onePerFamily(both, List.of("192.0.2.1")));
    assertEquals(List.of("fd00::1", "10.0.0.1"), KubernetesStatus.onePerFamily(both, List.of("2001:db8::1")));
    assertEquals(List.of(), KubernetesStatus.onePerFamily(List.of(), List.of("192.0.2.1")));
  }
}
