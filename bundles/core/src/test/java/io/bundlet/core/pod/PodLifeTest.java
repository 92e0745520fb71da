package io.bundlet.core.pod;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.time.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodLifeTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  /** The core is exchanged, or the node's process starts again. */
  private void restartCore() throws Exception {
    node.close();
    node = new TestNode(data, time);
    node.bind(provider);
  }

  private static boolean running(ContainerView container) {
    return container.state().equals("Running");
  }

  @Test
  void aPodRunsToItsEnd() {
    node.bind(provider);
    node.want(pod("job", "u1", "Never", "a", "b"));
    node.awaitContainer("job", "a", PodLifeTest::running);
    node.awaitContainer("job", "b", PodLifeTest::running);
    assertEquals("Running", node.await("job", view -> view.phase().equals("Running")).phase());
    provider.exit(provider.only("a"), 0);
    node.awaitContainer("job", "a", container -> container.state().equals("Done"));
    provider.exit(provider.only("b"), 0);
    PodView end = node.await("job", view -> view.state().equals("Succeeded"));
    assertEquals("Succeeded", end.phase());
    node.await(() -> provider.sandboxes.isEmpty());
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void oneBadExitFailsANeverPod() {
    node.bind(provider);
    node.want(pod("job", "u1", "Never", "a", "b"));
    node.awaitContainer("job", "a", PodLifeTest::running);
    node.awaitContainer("job", "b", PodLifeTest::running);
    provider.exit(provider.only("a"), 3);
    provider.exit(provider.only("b"), 0);
    assertEquals("Failed", node.await("job", view -> view.state().equals("Failed")).phase());
  }

  @Test
  void aPodWaitsForItsProvider() {
    node.want(pod("web", "u1", "Always", "a"));
    PodView waiting = node.await("web", view -> view.reason().equals("RuntimeProviderMissing"));
    assertEquals("Admission", waiting.state());
    assertTrue(waiting.message().contains("scripted"), waiting.message());
    node.bind(provider);
    node.awaitContainer("web", "a", PodLifeTest::running);
  }

  @Test
  void aProviderThatIsNotReadyIsWaitedFor() {
    provider.ready = false;
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    PodView waiting = node.await("web", view -> view.message().contains("it is down"));
    assertEquals("RuntimeProviderMissing", waiting.reason());
    provider.becomeReady(true);
    node.awaitContainer("web", "a", PodLifeTest::running);
  }

  @Test
  void aRefusedPodFailsWithTheField() {
    provider.refusal = Optional.of(Refusal.unsupported("spec.hostPID", "not here"));
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    PodView rejected = node.await("web", view -> view.state().equals("Rejected") && view.phase().equals("Failed"));
    assertEquals("PodFeatureUnsupported", rejected.reason());
    assertTrue(rejected.message().contains("spec.hostPID"), rejected.message());
  }

  @Test
  void crashesAreBackedOffTenSecondsDoublingToFiveMinutes() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    int[] waits = {0, 10, 20, 40, 80, 160, 300, 300};
    for (int round = 0; round < waits.length; round++) {
      int attempt = round;
      node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == attempt);
      provider.exit(
          provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
      if (waits[round] > 0) {
        ContainerView waiting =
            node.awaitContainer("web", "a", container -> container.state().equals("CrashLoopBackOff"));
        assertEquals(
            "back-off " + GoDuration.text(Duration.ofSeconds(waits[round]))
                + " restarting failed container=a pod=web_default(u1)",
            waiting.message());
        time.advance(Duration.ofSeconds(waits[round]).minusMillis(1));
        assertEquals(attempt + 1, provider.count("start:a"));
        time.advance(Duration.ofMillis(1));
      }
    }
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == waits.length);
  }

  @Test
  void aLongRunForgetsTheBackOff() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    for (int attempt = 1; attempt <= 2; attempt++) {
      int next = attempt;
      time.advance(Duration.ofMinutes(11));
      provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
      node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == next);
    }
    assertEquals(0, node.view("web").orElseThrow().containers().stream()
        .filter(c -> c.reason().equals("CrashLoopBackOff")).count());
  }

  @Test
  void aMissingImageIsPulledAndABrokenPullIsBackedOff() {
    AtomicInteger pulls = new AtomicInteger();
    provider.images.clear();
    provider.failures.put(
        "pull",
        () -> pulls.incrementAndGet() == 1
            ? ProviderFailure.of(ProviderFailure.NOT_FOUND, "no such image")
            : null);
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    ContainerView waiting = node.awaitContainer("web", "a", container -> container.state().equals("ImagePullBackOff"));
    assertEquals("ErrImagePull", waiting.reason());
    assertEquals("no such image", waiting.message());
    time.advance(Duration.ofSeconds(10));
    node.awaitContainer("web", "a", PodLifeTest::running);
  }

  @Test
  void aContainerThatCanNeverBeMadeEndsItsNeverPod() {
    provider.failures.put("create", () -> ProviderFailure.of(ProviderFailure.INVALID, "module has no _start"));
    node.bind(provider);
    node.want(pod("job", "u1", "Never", "a"));
    PodView failed = node.await("job", view -> view.state().equals("Failed"));
    ContainerView container = failed.containers().getFirst();
    assertEquals("ContainerCannotRun", container.reason());
    assertEquals("image img: module has no _start", container.message());
    assertEquals(128, container.exit().orElseThrow().code());
  }

  @Test
  void aReservedNameRaisesTheAttempt() {
    AtomicInteger creates = new AtomicInteger();
    provider.failures.put(
        "create",
        () -> creates.incrementAndGet() == 1 ? ProviderFailure.of(ProviderFailure.EXISTS, "name is reserved") : null);
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
  }

  @Test
  void aDeletedPodIsStoppedWithItsGraceAndLeavesNothing() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.want();
    node.await(() -> node.view("web").isEmpty());
    assertEquals(1, provider.count("stop:a:30"));
    assertTrue(provider.sandboxes.isEmpty());
    assertTrue(provider.containers.isEmpty());
  }

  @Test
  void aShorterGraceReachesAContainerThatIsAlreadyStopping() {
    provider.stopsAtOnce = false;
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.want();
    node.await(() -> provider.count("stop:a:30") == 1);
    node.dispatcher.hold("u1", Duration.ZERO, false);
    node.await(() -> node.view("web").isEmpty());
    assertEquals(1, provider.count("stop:a:2"));
  }

  @Test
  void anEditedPodStartsWhenTheOldOneIsGone() {
    provider.stopsAtOnce = false;
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.want(pod("web", "u2", "Always", "a"));
    node.await(() -> provider.count("stop:a") == 1);
    assertEquals(1, provider.count("run:web"));
    node.dispatcher.hold("u1", Duration.ZERO, false);
    node.await("web", view -> view.uid().equals("u2") && view.phase().equals("Running"));
    assertEquals(2, provider.count("run:web"));
  }

  @Test
  void anAdminsStopHoldsUntilTheManifestChanges() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.dispatcher.hold("u1", Duration.ofSeconds(1), false);
    node.await(() -> node.view("web").isEmpty());
    node.want(pod("web", "u1", "Always", "a"));
    assertTrue(node.view("web").isEmpty());
    node.want(pod("web", "u2", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
  }

  @Test
  void aLostSandboxStartsTheContainersOverWithoutBackOff() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    provider.lose("s-u1-0");
    ContainerView again =
        node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
    assertEquals(Exit.CONTAINER_STATUS_UNKNOWN, again.lastExit().orElseThrow().reason());
    assertEquals(137, again.lastExit().orElseThrow().code());
    assertTrue(provider.sandboxes.containsKey("s-u1-1"));
    assertFalse(provider.sandboxes.containsKey("s-u1-0"));
  }

  @Test
  void sandboxesThatAreLostOneAfterAnotherAreMadeEverLater() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    provider.lose("s-u1-0");
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
    provider.lose("s-u1-1");
    PodView waiting = node.await("web", view -> view.reason().equals("FailedCreatePodSandBox"));
    assertTrue(waiting.message().contains("lost as soon as they are made"), waiting.message());
    assertFalse(provider.sandboxes.containsKey("s-u1-2"));
    node.await(() -> time.awaited(Duration.ofMillis(500)));
    time.advance(Duration.ofMillis(500));
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 2);
    time.advance(Duration.ofSeconds(10));
    provider.lose("s-u1-2");
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 3);
  }

  @Test
  void anExchangedEngineStartsAlwaysPodsOverAndFailsNeverPods() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"), pod("job", "u2", "Never", "b"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.awaitContainer("job", "b", PodLifeTest::running);
    Exit upgraded = new Exit(137, Exit.RUNTIME_UPGRADED, "the engine was exchanged", time.now());
    provider.exit(provider.only("a"), upgraded);
    provider.exit(provider.only("b"), upgraded);
    ContainerView again =
        node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
    assertEquals(Exit.RUNTIME_UPGRADED, again.lastExit().orElseThrow().reason());
    PodView failed = node.await("job", view -> view.state().equals("Failed"));
    assertTrue(failed.conditions().stream()
        .anyMatch(c -> c.type().equals("DisruptionTarget") && c.status().equals("True")));
    assertEquals(1, provider.count("start:b"));
  }

  @Test
  void aRestartedCoreAdoptsWhatRuns() throws Exception {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    String id = node.awaitContainer("web", "a", PodLifeTest::running).id();
    restartCore();
    assertEquals(id, node.awaitContainer("web", "a", PodLifeTest::running).id());
    node.want(pod("web", "u1", "Always", "a"));
    assertEquals(1, provider.count("start:a"));
    assertEquals(1, provider.count("run:web"));
    provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
  }

  @Test
  void anExitWhileTheCoreWasAwayIsSeen() throws Exception {
    node.bind(provider);
    node.want(pod("job", "u1", "Never", "a"));
    node.awaitContainer("job", "a", PodLifeTest::running);
    node.close();
    provider.exit(provider.only("a"), 0);
    node = new TestNode(data, time);
    node.bind(provider);
    assertEquals("Succeeded", node.await("job", view -> view.state().equals("Succeeded")).phase());
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void afterACrashNeverPodsAreNotRunAgainAndOthersAre() throws Exception {
    node.bind(provider);
    node.want(pod("never", "u1", "Never", "n"), pod("fail", "u2", "OnFailure", "f"),
        pod("done", "u3", "OnFailure", "d"));
    node.awaitContainer("never", "n", PodLifeTest::running);
    node.awaitContainer("fail", "f", PodLifeTest::running);
    node.awaitContainer("done", "d", PodLifeTest::running);
    provider.exit(provider.only("d"), 0);
    node.await("done", view -> view.state().equals("Succeeded"));
    node.close();
    provider.crash();
    node = new TestNode(data, time);
    node.bind(provider);
    PodView failed = node.await("never", view -> view.state().equals("Failed"));
    assertTrue(failed.conditions().stream().anyMatch(c -> c.type().equals("DisruptionTarget")));
    ContainerView again =
        node.awaitContainer("fail", "f", container -> running(container) && container.restartCount() == 1);
    assertEquals(137, again.lastExit().orElseThrow().code());
    node.await("done", view -> view.state().equals("Succeeded"));
    assertEquals(1, provider.count("run:never"), "what has failed needs no sandbox: " + provider.asked);
    assertEquals(1, provider.count("start:n"));
    assertEquals(2, provider.count("start:f"));
    assertEquals(1, provider.count("start:d"));
  }

  /** Nobody knows whether its code ran. */
  @Test
  void aNeverPodIsNotStartedAgainWhenItsStartWasCutOffByACrash() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    provider.failures.put("start", () -> {
      try {
        ended.await();
        return null;
      } catch (InterruptedException cut) {
        return ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "cut off", cut);
      }
    });
    node.bind(provider);
    node.want(pod("never", "u1", "Never", "n"));
    node.await(() -> provider.count("start:n") == 1);
    node.close();
    ended.countDown();
    provider.failures.clear();
    provider.crash();
    node = new TestNode(data, time);
    node.bind(provider);
    node.await("never", view -> view.state().equals("Failed") || provider.count("start:n") > 1);
    assertEquals(1, provider.count("start:n"), "it was started again: " + provider.asked);
  }

  @Test
  void aPodThatNobodyWantsAfterARestartIsEnded() throws Exception {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    restartCore();
    node.want();
    node.await(() -> node.view("web").isEmpty() && provider.sandboxes.isEmpty());
  }

  @Test
  void anExchangedProviderLeavesThePodsAlone() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    List<String> before = List.copyOf(provider.asked);
    node.providers.unbind(provider);
    assertEquals("Running", node.view("web").orElseThrow().phase());
    node.bind(provider);
    node.awaitContainer("web", "a", PodLifeTest::running);
    assertEquals(before, List.copyOf(provider.asked));
    provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
  }

  @Test
  void sandboxesThatNoPodOwnsAreRemoved() {
    provider.sandboxes.put(
        "stray",
        new io.bundlet.api.runtime.SandboxStatus(
            new io.bundlet.api.runtime.SandboxId("stray"),
            new io.bundlet.api.runtime.PodId("default", "stray", "u9"), 0, true, List.of(), java.time.Instant.EPOCH));
    node.want(pod("web", "u1", "Always", "a"));
    node.bind(provider);
    node.await(() -> !provider.sandboxes.containsKey("stray"));
    node.awaitContainer("web", "a", PodLifeTest::running);
  }

  @Test
  void aFieldThatIsNotCarriedOutIsRefused() {
    node.bind(provider);
    var pod = pod("web", "u1", "Always", "a");
    pod.getSpec().getContainers().getFirst().setVolumeDevices(
        List.of(new io.fabric8.kubernetes.api.model.VolumeDevice("/dev/x", "disk")));
    node.want(pod);
    assertTrue(
        node.await("web", view -> view.state().equals("Rejected")).message()
        .contains("spec.containers[0].volumeDevices"));
  }

  @Test
  void deletionWaitsForAProviderThatIsAwayAndSaysSo() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    provider.becomeReady(false);
    node.want();
    node.await("web", view -> view.state().equals("Terminating"));
    assertEquals(0, provider.count("stop:a"));
    provider.becomeReady(true);
    node.await(() -> node.view("web").isEmpty());
    assertEquals(1, provider.count("stop:a"));
  }

  @Test
  void aVolumeThatNoContainerMountsIsLeftAlone() {
    node.bind(provider);
    var pod = pod("web", "u1", "Always", "a");
    pod.getSpec().setVolumes(
        List.of(
            new io.fabric8.kubernetes.api.model.VolumeBuilder().withName("v").withNewHostPath().withPath("/x")
                .endHostPath().build()));
    node.want(pod);
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.want();
    node.await(() -> node.view("web").isEmpty());
  }

  @Test
  void aPodWhoseVolumeHasNoDriverWaitsForIt() {
    node.bind(provider);
    var pod = pod("web", "u1", "Always", "a");
    pod.getSpec().setVolumes(
        List.of(
            new io.fabric8.kubernetes.api.model.VolumeBuilder().withName("v").withNewHostPath().withPath("/x")
                .endHostPath().build()));
    pod.getSpec().getContainers().getFirst().setVolumeMounts(
        List.of(new io.fabric8.kubernetes.api.model.VolumeMountBuilder().withName("v").withMountPath("/v").build()));
    node.want(pod);
    PodView waiting = node.await("web", view -> view.reason().equals("FailedMount"));
    assertTrue(waiting.message().contains("hostPath"), waiting.message());
    assertEquals(0, provider.count("run:"));
    node.volumes.bind(new FixedVolumes(data), java.util.Map.of("bundlet.volume.kind", "hostPath"));
    node.awaitContainer("web", "a", PodLifeTest::running);
  }

  /** A driver whose volumes are all the same directory. */
  private record FixedVolumes(Path where) implements io.bundlet.api.volume.VolumeDriver {
    @Override
    public io.bundlet.api.volume.Mounted mount(
        io.bundlet.api.volume.VolumeRequest request, io.bundlet.api.objects.Objects objects) {
      return new io.bundlet.api.volume.Mounted(request.volume(), where);
    }

    @Override
    public void unmount(io.bundlet.api.volume.VolumePlace place) {}
  }

  @Test
  void aCoreThatLeavesWhilePodsStartLosesNothing() throws Exception {
    node.bind(provider);
    for (int round = 0; round < 20; round++) {
      String uid = "u" + round;
      node.want(pod("web", uid, "Always", "a"));
      restartCore();
      node.want(pod("web", uid, "Always", "a"));
      node.await("web", view -> view.uid().equals(uid) && view.phase().equals("Running"));
      node.await(() -> provider.sandboxes.size() == 1);
      node.want();
      node.await(() -> node.view("web").isEmpty());
    }
    assertTrue(provider.sandboxes.isEmpty());
  }

  @Test
  void whatIsNotListedAnyMoreIsLostOnceAndNotTwice() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"), pod("job", "u2", "Never", "b"));
    node.awaitContainer("web", "a", PodLifeTest::running);
    node.awaitContainer("job", "b", PodLifeTest::running);
    time.advance(Duration.ofSeconds(1));
    provider.crash();
    provider.becomeReady(true);
    ContainerView again =
        node.awaitContainer("web", "a", container -> running(container) && container.restartCount() > 0);
    assertEquals(1, again.restartCount());
    PodView failed = node.await("job", view -> view.state().equals("Failed"));
    assertTrue(failed.conditions().stream().anyMatch(c -> c.type().equals("DisruptionTarget")), failed.toString());
    assertEquals(1, provider.count("start:b"));
  }
}
