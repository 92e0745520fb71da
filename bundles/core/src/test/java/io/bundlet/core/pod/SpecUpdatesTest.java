package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.cluster.PlainCluster;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.RecordingSink;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a pod may change while it runs. */
class SpecUpdatesTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final RecordingSink sink = new RecordingSink();
  private TestNode node;
  private int version;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
    node.status.add(sink);
    PlainCluster.join(node.cluster);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private Pod pod(String restartPolicy, Consumer<Pod> change) {
    Pod pod = TestNode.pod("web", "u1", restartPolicy, "a", "b");
    pod.getMetadata().setResourceVersion(String.valueOf(++version));
    change.accept(pod);
    return pod;
  }

  private void want(String restartPolicy, Consumer<Pod> change) {
    node.dispatcher.wanted("api", true, List.of(pod(restartPolicy, change)));
  }

  private void run(String restartPolicy) {
    want(restartPolicy, pod -> {});
    awaitRunning("a", 0);
    awaitRunning("b", 0);
    node.await(() -> sink.phase("web").equals("Running"));
  }

  private void awaitRunning(String container, int restarts) {
    node.awaitContainer(
        "web", container, one -> one.state().equals("Running") && one.restartCount() == restarts);
  }

  private static Consumer<Pod> image(String image) {
    return pod -> pod.getSpec().getContainers().getFirst().setImage(image);
  }

  private String madeOf(String container) {
    return provider.containerConfigs.get(provider.only(container).value()).image().reference();
  }

  @Test
  void anotherImageIsAnotherContainer() {
    run("Always");
    want("Always", image("img:2"));
    awaitRunning("a", 1);
    assertEquals("img:2", madeOf("a"));
    assertTrue(provider.asked.contains("stop:a:30"), provider.asked::toString);
    assertEquals(1, provider.count("start:b"));
    assertEquals("img:2", node.view("web").orElseThrow().containers().getFirst().image());
    node.await(() -> sink.last("web").orElseThrow().status().getContainerStatuses().getFirst().getImage()
        .equals("img:2"));
    assertTrue(sink.told.stream().noneMatch("web:Failed"::equals));
  }

  @Test
  void theSameHoldsForAPodThatIsNeverRestarted() {
    run("Never");
    want("Never", image("img:2"));
    awaitRunning("a", 1);
    assertEquals("img:2", madeOf("a"));
    assertTrue(sink.told.stream().noneMatch("web:Failed"::equals));
  }

  @Test
  void anImageThatChangedWhileTheCoreWasAwayCounts() throws Exception {
    run("Always");
    node.close();
    start();
    want("Always", image("img:2"));
    awaitRunning("a", 1);
    assertEquals("img:2", madeOf("a"));
  }

  @Test
  void aPodThatWasJustSeenByANewCoreIsNotMadeAgain() throws Exception {
    run("Always");
    node.close();
    start();
    want("Always", pod -> pod.getMetadata().setLabels(Map.of("x", "1")));
    node.await(() -> sink.last("web").filter(report -> report.pod().getMetadata().getLabels() != null
        && "1".equals(report.pod().getMetadata().getLabels().get("x"))).isPresent());
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void anImageThatCannotBeHadIsNotWaitedForWhenThereIsAnother() {
    provider.failures.put("pull", () -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "no such image"));
    want("Always", image("wrong"));
    node.awaitContainer("web", "a", one -> one.reason().equals("ErrImagePull"));
    want("Always", image("img"));
    node.awaitContainer("web", "a", one -> one.state().equals("Running"));
  }

  @Test
  void aContainerThatKeepsEndingIsTriedAtOnceWithAnotherImage() {
    run("Always");
    for (int round = 0; round < 2; round++) {
      awaitRunning("a", round);
      provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
    }
    node.awaitContainer("web", "a", one -> one.state().equals("CrashLoopBackOff"));
    want("Always", image("img:2"));
    awaitRunning("a", 2);
    assertEquals("img:2", madeOf("a"));
  }

  @Test
  void labelsAndAnnotationsAreTakenOver() {
    run("Always");
    want("Always", pod -> {
      pod.getMetadata().setLabels(Map.of("app", "new"));
      pod.getMetadata().setAnnotations(Map.of("note", "1", "kubernetes.io/config.source", "file"));
    });
    node.await(() -> sink.last("web").orElseThrow().pod().getMetadata().getLabels().containsValue("new"));
    Map<String, String> annotations = sink.last("web").orElseThrow().pod().getMetadata().getAnnotations();
    assertEquals("1", annotations.get("note"));
    assertEquals("api", annotations.get("kubernetes.io/config.source"));
    assertTrue(annotations.containsKey("kubernetes.io/config.seen"));
  }

  @Test
  void aDeadlineThatIsSetLaterCounts() {
    run("Always");
    time.advance(Duration.ofSeconds(5));
    want("Always", pod -> pod.getSpec().setActiveDeadlineSeconds(20L));
    time.advance(Duration.ofSeconds(14));
    assertEquals("Running", node.view("web").orElseThrow().phase());
    time.advance(Duration.ofSeconds(1));
    node.await(() -> sink.phase("web").equals("Failed"));
    assertEquals("DeadlineExceeded", sink.last("web").orElseThrow().status().getReason());
  }

  @Test
  void aClockThatIsSetForwardIsNoDeadline() {
    Consumer<Pod> limited = pod -> pod.getSpec().setActiveDeadlineSeconds(20L);
    want("Always", limited);
    awaitRunning("a", 0);
    awaitRunning("b", 0);
    node.await(() -> sink.phase("web").equals("Running"));
    time.setWallClock(Duration.ofHours(1));
    want("Always", limited.andThen(pod -> pod.getMetadata().setLabels(Map.of("app", "new"))));
    node.await(() -> sink.last("web").orElseThrow().pod().getMetadata().getLabels() != null
        && sink.last("web").orElseThrow().pod().getMetadata().getLabels().containsValue("new"));
    time.advance(Duration.ofSeconds(19));
    assertEquals("Running", node.view("web").orElseThrow().phase());
    time.advance(Duration.ofSeconds(1));
    node.await(() -> sink.phase("web").equals("Failed"));
  }

  @Test
  void aGateThatOthersOpenMakesThePodReady() {
    Consumer<Pod> gate = pod -> pod.getSpec().setReadinessGates(List.of(new PodReadinessGate("a.b/c")));
    want("Always", gate);
    awaitRunning("a", 0);
    awaitRunning("b", 0);
    node.await(() -> ready().equals("False ReadinessGatesNotReady"));
    want("Always", gate.andThen(pod -> pod.setStatus(
        new PodStatusBuilder().withConditions(
            new PodConditionBuilder().withType("a.b/c").withStatus("True").build()).build())));
    node.await(() -> ready().equals("True null"));
  }

  private String ready() {
    return sink.last("web").stream().flatMap(report -> report.status().getConditions().stream())
        .filter(one -> one.getType().equals("Ready")).map(one -> one.getStatus() + " " + one.getReason())
        .findFirst().orElse("");
  }

  private static Consumer<Pod> debugger(String name) {
    return pod -> pod.getSpec().getEphemeralContainers().add(
        new EphemeralContainerBuilder().withName(name).withImage("img").build());
  }

  private Optional<ContainerStatus> told(String ephemeral) {
    return sink.last("web").stream().flatMap(report -> report.status().getEphemeralContainerStatuses().stream())
        .filter(one -> one.getName().equals(ephemeral)).findFirst();
  }

  @Test
  void anEphemeralContainerIsAddedAndRunsOnce() throws Exception {
    run("Always");
    want("Always", debugger("look"));
    node.await(() -> told("look").filter(one -> one.getState().getRunning() != null).isPresent());
    // whatever else changes, it stays what it is
    want("Always", debugger("look").andThen(pod -> pod.getMetadata().setLabels(Map.of("x", "1"))));
    provider.exit(provider.only("look"), new Exit(3, Exit.ERROR, "", time.now()));
    node.await(() -> told("look").filter(one -> one.getState().getTerminated() != null
        && one.getState().getTerminated().getExitCode() == 3).isPresent());
    node.close();
    start();
    want("Always", debugger("look").andThen(debugger("more")));
    node.await(() -> told("more").filter(one -> one.getState().getRunning() != null).isPresent());
    assertEquals(1, provider.count("start:look"));
    assertEquals(1, provider.count("start:a"));
    assertEquals("Running", sink.phase("web"));
    assertTrue(told("look").orElseThrow().getState().getTerminated() != null);
  }

  @Test
  void aPodWhoseEphemeralContainerHasEndedIsDeletedWithoutDelay() {
    run("Always");
    want("Always", debugger("look"));
    node.await(() -> told("look").filter(one -> one.getState().getRunning() != null).isPresent());
    provider.exit(provider.only("look"), new Exit(3, Exit.ERROR, "", time.now()));
    node.await(() -> told("look").filter(one -> one.getState().getTerminated() != null).isPresent());
    want("Always", debugger("look").andThen(pod -> {
      pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
      pod.getMetadata().setDeletionGracePeriodSeconds(1L);
    }));
    node.await(() -> sink.told.contains("gone:api/web"));
  }

  @Test
  void anEphemeralContainerThatTheProviderDoesNotTakeIsRefusedAloud() {
    run("Always");
    provider.refusal = Optional.of(Refusal.unsupported("spec.ephemeralContainers[look].tty", "not here"));
    want("Always", debugger("look"));
    node.await(
        () -> node.dispatcher.events("u1").stream().anyMatch(
            event -> event.reason().equals("PodFeatureUnsupported")
                && event.message().contains("spec.ephemeralContainers[look].tty: not here")
                && event.fieldPath().equals("spec.ephemeralContainers{look}")));
    assertEquals(0, provider.count("start:look"));
    assertEquals("Running", sink.phase("web"));
  }

  @Test
  void whatTheShellAddedStaysWhenTheApiServerChangesThePod() throws Exception {
    run("Always");
    node.dispatcher.debug("u1", new DebugContainer("look", "img", "", List.of("sh")));
    node.await(() -> told("look").filter(one -> one.getState().getRunning() != null).isPresent());
    want("Always", pod -> pod.getMetadata().setLabels(Map.of("x", "1")));
    node.await(() -> sink.last("web").filter(report -> report.pod().getMetadata().getLabels() != null).isPresent());
    assertTrue(told("look").isPresent());
  }

  @Test
  void whatMayNotChangeIsNotTakenOver() {
    Pod present = pod("Always", pod -> {});
    Pod now =
        pod("Never", pod -> {
          pod.getSpec().getContainers().getFirst().setCommand(List.of("evil"));
          pod.getSpec().getContainers().add(new ContainerBuilder().withName("more").withImage("m").build());
          pod.getSpec().setHostNetwork(true);
          pod.getMetadata().setName("other");
          pod.getSpec().setTolerations(List.of(new Toleration("NoExecute", "k", "Exists", null, null)));
        });
    Pod merged = PodUpdate.merged(present, now);
    assertEquals(present.getSpec().getContainers(), merged.getSpec().getContainers());
    assertEquals("Always", merged.getSpec().getRestartPolicy());
    assertFalse(Boolean.TRUE.equals(merged.getSpec().getHostNetwork()));
    assertEquals("web", merged.getMetadata().getName());
    assertEquals(1, merged.getSpec().getTolerations().size());
  }
}
