package io.bundlet.core.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.core.cluster.PlainCluster;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.RecordingSink;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.kubernetes.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of an API server, which says when they are to be deleted and forgets them when nothing is left of them. */
class DeletedPodsTest {
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
    PlainCluster.join(node.cluster);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void want(Pod... pods) {
    node.dispatcher.wanted("api", true, List.of(pods));
  }

  private static Pod pod(String restartPolicy) {
    return TestNode.pod("web", "u1", restartPolicy, "a");
  }

  private static Pod deleted(Pod pod, long grace) {
    pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    pod.getMetadata().setDeletionGracePeriodSeconds(grace);
    return pod;
  }

  private static Pod phase(Pod pod, String phase) {
    pod.setStatus(new PodStatusBuilder().withPhase(phase).build());
    return pod;
  }

  private void run(Pod pod) {
    want(pod);
    node.await(() -> sink.phase("web").equals("Running"));
  }

  private long gone() {
    return sink.told.stream().filter(one -> one.equals("gone:api/web")).count();
  }

  @Test
  void aDeletedPodEndsWithItsGraceAndItsEndIsToldBeforeItIsGone() {
    run(pod("Always"));
    want(deleted(pod("Always"), 7));
    node.await(() -> gone() == 1);
    assertTrue(provider.asked.contains("stop:a:7"), provider.asked::toString);
    assertEquals(1, provider.count("run:web"));
    assertEquals("gone:api/web", sink.told.getLast());
    PodReport last = sink.last("web").orElseThrow();
    assertEquals("Failed", last.status().getPhase());
    assertEquals(143, last.status().getContainerStatuses().getFirst().getState().getTerminated().getExitCode());
    assertFalse(last.running());
    assertTrue(provider.sandboxes.isEmpty());
  }

  @Test
  void theGraceOfADeletionCanOnlyShrink() {
    provider.stopsAtOnce = false;
    run(pod("Always"));
    want(deleted(pod("Always"), 60));
    node.await(() -> provider.asked.contains("stop:a:60"));
    want(deleted(pod("Always"), 90));
    want(deleted(pod("Always"), 5));
    node.await(() -> provider.asked.contains("stop:a:5"));
    assertFalse(provider.asked.contains("stop:a:90"));
    provider.ended("a", 143);
    node.await(() -> gone() >= 1);
  }

  @Test
  void aPodThatWasNeverBegunIsGoneAtOnce() {
    want(deleted(pod("Always"), 30));
    node.await(() -> gone() == 1);
    assertEquals(0, provider.count("run:web"));
    assertTrue(sink.reports.isEmpty());
    // Its source has not forgotten it: it is told once more.
    want(deleted(pod("Always"), 30));
    node.await(() -> gone() == 2);
  }

  @Test
  void whoComesLateHearsOfThoseThatAreGone() {
    want(deleted(pod("Always"), 30));
    node.await(() -> gone() == 1);
    RecordingSink late = new RecordingSink();
    node.status.add(late);
    node.await(() -> late.told.equals(List.of("gone:api/web")));
  }

  @Test
  void aPodThatWaitsForItsProviderFailsWhenItIsDeleted() {
    node.providers.unbind(provider);
    want(pod("Always"));
    node.await(() -> sink.phase("web").equals("Pending"));
    want(deleted(pod("Always"), 30));
    node.await(() -> gone() == 1);
    assertEquals("Failed", sink.phase("web"));
    node.bind(provider);
  }

  @Test
  void aPodThatHasEndedHereIsGoneAtOnceThoughAnotherRuntimeIsNotThere() {
    ScriptedProvider away = new ScriptedProvider(time);
    away.ready = false;
    node.providers.bind(away, Map.of(RuntimeProvider.NAME, "away"));
    run(pod("Always"));
    want(deleted(pod("Always"), 1));
    // without any time passing
    node.await(() -> gone() >= 1);
  }

  @Test
  void aPodThatSucceededStaysSo() {
    run(pod("Never"));
    provider.exit(provider.only("a"), 0);
    node.await(() -> sink.phase("web").equals("Succeeded"));
    want(deleted(pod("Never"), 30));
    node.await(() -> gone() == 1);
    assertEquals("Succeeded", sink.phase("web"));
  }

  @Test
  void aPodThatIsTerminalInTheClusterIsNeverStarted() {
    Pod other = TestNode.pod("other", "u2", "Always", "b");
    want(phase(pod("Always"), "Failed"), other);
    node.await(() -> sink.phase("other").equals("Running"));
    assertEquals(0, provider.count("run:web"));
    assertTrue(node.view("web").isEmpty());
    // Neither after a restart of the core that has forgotten it.
    want(deleted(phase(pod("Always"), "Succeeded"), 30), other);
    node.await(() -> gone() >= 1);
    assertEquals(0, provider.count("run:web"));
  }

  @Test
  void aPodThatSomebodySaysHasFailedIsEnded() {
    run(pod("Always"));
    Pod failed = pod("Always");
    failed.setStatus(new PodStatusBuilder().withPhase("Failed").withReason("Preempted").build());
    want(failed);
    node.await(() -> sink.phase("web").equals("Failed"));
    assertEquals("Preempted", sink.last("web").orElseThrow().status().getReason());
    node.await(() -> provider.sandboxes.isEmpty());
    assertEquals(0, gone());
  }

  @Test
  void aPodThatVanishesIsEndedWithItsOwnGraceAndIsGone() {
    run(pod("Always"));
    want();
    node.await(() -> gone() == 1);
    assertTrue(provider.asked.contains("stop:a:30"), provider.asked::toString);
  }

  @Test
  void anotherPodOfTheNameWaitsAndNothingIsSaidOfIt() {
    provider.stopsAtOnce = false;
    run(pod("Always"));
    Pod next = TestNode.pod("web", "u2", "Always", "a");
    want(deleted(pod("Always"), 30), next);
    node.await(() -> provider.asked.contains("stop:a:30"));
    assertTrue(sink.reports.stream().allMatch(report -> report.pod().getMetadata().getUid().equals("u1")));
    provider.ended("a", 143);
    node.await(() -> sink.last("web").orElseThrow().pod().getMetadata().getUid().equals("u2")
        && sink.phase("web").equals("Running"));
    // The first one's end was told before.
    assertTrue(gone() >= 1);
  }

  @Test
  void aStaticPodThatIsDeletedIsNoFailure() {
    Pod pod = pod("Always");
    pod.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
    node.want(pod);
    node.await(() -> sink.phase("web").equals("Running"));
    node.want();
    node.await(() -> sink.told.getLast().equals("gone:test/web"));
    assertEquals("Running", sink.phase("web"));
  }

  @Test
  void itIsSaidWhereAPodCameFromAndWhen() {
    Pod lies = pod("Always");
    lies.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file", "mine", "1"));
    run(lies);
    Map<String, String> annotations = sink.last("web").orElseThrow().pod().getMetadata().getAnnotations();
    assertEquals("api", annotations.get("kubernetes.io/config.source"));
    assertEquals("1", annotations.get("mine"));
    assertEquals(time.now().toString(), annotations.get("kubernetes.io/config.seen"));
    assertEquals("file", lies.getMetadata().getAnnotations().get("kubernetes.io/config.source"));
  }

  @Test
  void aMirrorPodIsNotRun() {
    Pod mirror = pod("Always");
    mirror.getMetadata().setAnnotations(Map.of("kubernetes.io/config.mirror", "abc"));
    want(mirror, TestNode.pod("other", "u2", "Always", "b"));
    node.await(() -> sink.phase("other").equals("Running"));
    assertEquals(0, provider.count("run:web"));
  }

  @Test
  void aDeletionGoesOnWithARestartedCore() throws Exception {
    provider.stopsAtOnce = false;
    run(pod("Always"));
    want(deleted(pod("Always"), 40));
    node.await(() -> provider.asked.contains("stop:a:40"));
    node.close();
    time.advance(Duration.ofSeconds(10));
    start();
    want(deleted(pod("Always"), 40));
    node.await(() -> provider.asked.contains("stop:a:30"));
    provider.ended("a", 143);
    node.await(() -> gone() >= 1);
    assertEquals(1, provider.count("run:web"));
  }

  @Test
  void aClockThatWasSetBackGivesNoMoreThanTheWholeGrace() throws Exception {
    provider.stopsAtOnce = false;
    run(pod("Always"));
    want(deleted(pod("Always"), 40));
    node.await(() -> provider.asked.contains("stop:a:40"));
    node.close();
    provider.asked.clear();
    time.setWallClock(Duration.ofHours(-1));
    start();
    want(deleted(pod("Always"), 40));
    node.await(() -> provider.count("stop:a:") == 1);
    assertTrue(provider.asked.contains("stop:a:40"), provider.asked::toString);
    provider.ended("a", 143);
    node.await(() -> gone() >= 1);
  }

  @Test
  void aPodThatRunsThoughTheNodeHasForgottenItIsNotGoneBeforeItIs() throws Exception {
    run(pod("Always"));
    node.close();
    Files.delete(data.resolve("pods.log"));
    provider.failures.put(
        "stop-sandbox", () -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, "it cannot be stopped now"));
    provider.asked.clear();
    start();
    want(deleted(pod("Always"), 30));
    node.await(() -> provider.count("stop-sandbox:") >= 1);
    want(deleted(pod("Always"), 30));
    assertEquals(0, gone());
    provider.failures.clear();
    node.awaitAsTimePasses(() -> gone() == 1);
    assertTrue(provider.sandboxes.isEmpty());
  }

  @Test
  void aProviderThatCannotSayWhatItRunsIsWaitedForHalfAMinute() throws Exception {
    node.close();
    provider.ready = false;
    start();
    want(deleted(pod("Always"), 30));
    // one, if it was asked again before it had begun
    node.await(() -> provider.lists.get() >= 1);
    assertEquals(0, gone());
    node.awaitAsTimePasses(() -> gone() == 1);
    assertTrue(time.nanos() >= Duration.ofSeconds(30).toNanos());
  }
}
